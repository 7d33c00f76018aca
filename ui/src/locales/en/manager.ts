// What the children's album manager says.
export const manager = {
  title: 'Family albums',
};
