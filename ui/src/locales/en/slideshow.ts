// What is said while photos go by one after another.
export const slideshow = {
  newFrom: (name: string) => `new from ${name}`,
  newPhoto: 'a new photo',
  people: (names: string[], more: number) => {
    if (more > 0) return `${names.join(', ')} and ${more} more`;
    return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  },
  withHeart: 'You gave it a heart',
  saidBy: (name: string) => `${name}:`,
  someone: 'Family',
  spoken: 'left a voice note',
  listen: 'Listen',
  listenTo: (name: string) => `Listen to ${name}`,
  stopListening: 'Stop',
  soundOn: 'Sound on',
  soundOff: 'Sound off',

  hide: 'Hide photo',
  hidden: 'The photo is hidden',
  undo: 'Undo',
  askToDelete: 'Ask to delete',
  asked: 'The children will be asked to delete it',

  wake: 'Turn the screen on',
  birthday: (names: string) => `It is ${names}’s birthday today`,
  clockUnset: 'The clock is being set. Your photos are still here.',
  troubleNumber: (number: number) => `Number ${number}`,
};
