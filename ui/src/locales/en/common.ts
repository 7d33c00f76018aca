// Words both pages use.
export const common = {
  appName: 'Picup',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  done: 'Done',
  remove: 'Remove',
  retry: 'Try again',
  loading: 'One moment…',
  offline: 'No connection. It will continue by itself.',
  photos: (count: number) => (count === 1 ? '1 photo' : `${count} photos`),
  decade: (year: number) => `${year}s`,
  dateUnknown: 'Date unknown',
  justNow: 'just now',
};
