// What the frame's screen says.
export const frame = {
  title: 'Photo frame',
};
