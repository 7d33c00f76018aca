// What the frame's screen says.
export const frame = {
  title: 'Photo frame',

  welcomeTitle: 'This is your family’s photo frame',
  welcomeScan: 'Point a phone’s camera at the square.',
  welcomeAsk: 'Or ask one of the children to open the address below and enter the code.',
  welcomeWait: 'Photos appear here by themselves after that.',
  welcomeCode: 'Code',
  welcomeQr: 'A square code that opens the pairing page on a phone',
  welcomeNoNetwork: 'The frame is not connected to the internet yet. It keeps trying by itself.',
  welcomePreparing: 'One moment, the frame is getting ready.',

  emptyTitle: 'The frame is ready',
  emptyWaiting: 'The first photo appears here as soon as someone in the family adds one.',
  emptyComing: (cached: number, wanted: number) => `Photos are on their way: ${cached} of ${wanted} are here.`,
  starting: 'One moment, please.',

  buttons: 'What to do with this photo',
  back: 'Back',
  forward: 'Next',
  heart: 'Heart',
  unheart: 'Take heart back',
  albums: 'Albums',
  pause: 'Pause',
  play: 'Play',
  paused: 'Paused',

  photoOf: (date: string) => `Photo, ${date}`,
  photo: 'Photo',
  heartGiven: 'Your family will see that you like it',
  heartTaken: 'The heart was taken back',

  shelfTitle: 'Albums',
  shelfEmpty: 'There are no albums yet. The children can make one on their phone.',
  toPhotos: 'Back to the photos',
  toShelf: 'All albums',
  albumEmpty: 'This album is still empty.',
  albumAway: 'This album cannot be opened just now.',
  pageBack: 'Turn back',
  pageForward: 'Turn the page',
  pageOf: (page: number, pages: number) => `${page} / ${pages}`,
  showPhoto: (position: number) => `Show photo ${position}`,

  arrived: (count: number) => (count === 1 ? 'A new photo has arrived' : `${count} new photos have arrived`),
  messageFrom: 'A message from the family',
  messageRead: 'I have read it',

  importCopying: (left: number) => (left === 1 ? 'Taking in photos: 1 left' : `Taking in photos: ${left} left`),
  importSending: (left: number) => (left === 1 ? 'Sending 1 photo to the album' : `Sending ${left} photos to the album`),
  importDone: (count: number) => (count === 1 ? '1 photo was added' : `${count} photos were added`),
  importSetAside: (count: number) =>
    count === 1 ? '1 file could not be added. The children can see why.' : `${count} files could not be added. The children can see why.`,
  importDiskFull: 'The frame is full. It continues when there is room.',
  importOffline: 'Photos are kept safe and sent when the internet is back.',
  importServerFull: 'The family album is full. Please tell the children.',
  offline: 'No internet. Your photos are still here.',
};
