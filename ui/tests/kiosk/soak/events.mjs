// What happens to a frame in a week. Each kind of event is a sentence and what is done.
//
// Rule: an event of the same `group` waits until the one before it is over; all others may happen at the same time. What
// an event breaks, it mends itself.
import { eventually, pause } from '../home.mjs';
import { HOUR } from './clock.mjs';

/** So many photos are always left to show. */
const KEPT = 6;
const YEAR = 365.25 * 24 * HOUR;
/** Places on a lying panel of 1280 x 800. */
const PLACES = { photo: [480, 260], albums: [1262, 400], leave: [190, 70], forward: [334, 665], read: [640, 517] };
const MESSAGE = 'Good morning!\nThe little one walks.';

const seconds = (dice, least, most) => Math.round(dice.between(least, most) * 10) / 10;
const words = (time) => `${time} s`;

export const KINDS = [
  lineEvent('the network is cut', [5, 15], (line) => line.cut()),
  lineEvent('the network goes silent', [8, 20], (line) => line.silence()),
  lineEvent('the network crawls', [8, 20], (line) => line.crawl()),
  {
    name: 'connections break',
    group: 'line',
    async happen({ home, dice, tell }) {
      const times = dice.whole(2, 6);
      tell(`${times} times`);
      for (let time = 0; time < times; time++) {
        home.line.reset();
        await pause(1_000);
      }
    },
  },
  {
    name: 'connections lose their other end',
    group: 'line',
    async happen({ home, tell }) {
      tell(`${home.line.orphan()} of them`);
    },
  },
  {
    name: 'the server starts again',
    group: 'server',
    async happen({ home, dice, tell }) {
      await serverIsAway(home, seconds(dice, 1, 8), tell, () => home.stopServer());
    },
  },
  {
    name: 'the server is killed',
    group: 'server',
    async happen({ home, dice, tell }) {
      await serverIsAway(home, seconds(dice, 1, 8), tell, () => home.killServer());
    },
  },
  {
    name: "the page's process is killed",
    group: 'processes',
    async happen({ frame, watcher, tell }) {
      await eventually('a page', 20_000, () => frame.killPage());
      watcher.killed();
      tell();
    },
  },
  {
    name: 'the app is killed',
    group: 'processes',
    async happen({ frame, watcher, tell }) {
      frame.killApp();
      watcher.killed();
      tell();
    },
  },
  {
    name: 'the clock is years ahead',
    group: 'clock',
    async happen({ clock, dice, tell }) {
      await clockSays(clock, clock.now + dice.between(2, 12) * YEAR, seconds(dice, 6, 12), tell);
    },
  },
  {
    name: 'the clock says 1970',
    group: 'clock',
    async happen({ clock, dice, tell }) {
      await clockSays(clock, dice.between(0, 3) * HOUR, seconds(dice, 6, 12), tell);
    },
  },
  {
    name: 'the clock is hours off',
    group: 'clock',
    async happen({ clock, dice, tell }) {
      await clockSays(clock, clock.now + dice.one([-1, 1]) * dice.between(2, 20) * HOUR, seconds(dice, 6, 12), tell);
    },
  },
  {
    name: 'summer time begins',
    group: 'clock',
    async happen(week) {
      await clocksChange(week, week.clock.changes.spring);
    },
  },
  {
    name: 'summer time ends',
    group: 'clock',
    async happen(week) {
      await clocksChange(week, week.clock.changes.autumn);
    },
  },
  {
    name: "the frame's disk is full",
    group: 'disk',
    async happen({ home, dice, tell }) {
      const time = seconds(dice, 8, 15);
      tell(words(time));
      await home.fillDisk();
      await pause(time * 1000);
      await home.freeDisk();
    },
  },
  {
    name: 'the app is killed, and its disk is full',
    group: 'disk',
    async happen({ home, frame, watcher, tell }) {
      await home.fillDisk();
      frame.killApp();
      watcher.killed();
      tell();
      await pause(22_000);
      await home.freeDisk();
    },
  },
  {
    name: 'photos come by the inbox',
    async happen({ home, dice, tell }) {
      const photos = await made(home, dice.whole(1, 3));
      tell(numbersOf(photos));
      for (const photo of photos) await home.dropInbox(photo);
    },
  },
  {
    name: 'a child sends photos',
    async happen({ home, dice, tell }) {
      const photos = await made(home, dice.whole(1, 2));
      tell(numbersOf(photos));
      for (const photo of photos) await home.upload(photo);
    },
  },
  {
    name: 'a child deletes a photo',
    group: 'photos',
    async happen({ home, dice, tell }) {
      const photo = await spare(home, dice);
      if (!photo) return tell('none to spare');
      await home.child('DELETE', `/v1/photos/${photo.id}`);
      photo.ban = { how: 'deleted', at: Date.now() };
      tell(numbersOf([photo]));
    },
  },
  {
    name: 'a child hides a photo',
    group: 'photos',
    async happen({ home, dice, tell }) {
      const photo = await spare(home, dice);
      if (!photo) return tell('none to spare');
      await home.child('PUT', `/v1/photos/${photo.id}/hidden`);
      photo.ban = { how: 'hidden', at: Date.now() };
      tell(numbersOf([photo]));
    },
  },
  {
    name: 'the parents hide the photo that is on',
    group: 'photos',
    async happen({ home, tell }) {
      await home.learnIds();
      const on = await home.engine('current').catch(() => null);
      const photo = home.visible.find(({ id }) => id === on?.photo_id);
      if (!photo || home.visible.length <= KEPT) return tell('none to spare');
      // The app may have been killed, and is back soon.
      await eventually('the photo to be hidden', 20_000, () => home.engine('hide', { photo_id: photo.id, on: true }).then(() => true));
      const now = Date.now();
      photo.ban = { how: 'hidden here', at: now, heard: now };
      tell(numbersOf([photo]));
    },
  },
  {
    name: 'a hidden photo is put back',
    group: 'photos',
    async happen({ home, dice, tell }) {
      const photo = dice.one(home.photos.all.filter(({ ban }) => ban?.how === 'hidden'));
      if (!photo) return tell('none is hidden');
      photo.ban = undefined;
      await home.child('DELETE', `/v1/photos/${photo.id}/hidden`);
      tell(numbersOf([photo]));
    },
  },
  {
    name: 'the parents open an album',
    group: 'hands',
    async happen({ panel, watcher, dice, tell }) {
      watcher.expectScreens(60_000);
      await wake(panel, watcher);
      tell();
      await panel.touch(...PLACES.albums);
      await pause(3_000);
      for (let turn = dice.whole(1, 3); turn > 0; turn--) {
        await panel.do('key', 'Right');
        await pause(1_500);
      }
      await panel.touch(...PLACES.leave);
      watcher.screensAreGone();
    },
  },
  {
    name: 'the parents turn to the next photo',
    group: 'hands',
    async happen({ panel, watcher, tell }) {
      watcher.expectScreens(30_000);
      await wake(panel, watcher);
      tell();
      await panel.touch(...PLACES.photo);
      await pause(1_000);
      await panel.touch(...PLACES.forward);
      await pause(11_000);
      watcher.screensAreGone();
    },
  },
  {
    name: 'a child holds the photos still, and lets them go on',
    group: 'commands',
    async happen({ home, dice, tell }) {
      tell();
      for (const kind of ['pause', 'next', 'previous', 'resume']) {
        await home.command({ kind });
        await pause(dice.between(500, 2_500));
      }
    },
  },
  {
    name: 'a child sends the frame to sleep, and wakes it',
    group: 'commands',
    async happen({ home, watcher, dice, tell }) {
      const time = seconds(dice, 4, 9);
      tell(words(time));
      watcher.sent = true;
      await home.command({ kind: 'sleep' });
      await pause(time * 1000);
      await home.command({ kind: 'wake' });
      await home.answered(90_000);
      await pause(2_000);
      watcher.sent = false;
    },
  },
  {
    name: 'a child writes a letter',
    group: 'hands',
    async happen({ home, panel, watcher, tell }) {
      tell();
      await home.command({ kind: 'message', text: MESSAGE });
      await home.answered(60_000);
      await wake(panel, watcher);
      // None comes where the frame was removed from the family, or the app killed, meanwhile.
      await eventually('the letter', 20_000, () => watcher.letterLies).catch(() => undefined);
      await pause(2_000);
      // The night may have begun while the letter was read.
      await wake(panel, watcher);
      watcher.expectScreens(15_000);
      await panel.touch(...PLACES.read);
      watcher.letterLies = false;
      // Where there was no letter any more, that touch brought the buttons.
      await pause(11_000);
      watcher.screensAreGone();
    },
  },
  {
    name: 'a child removes the frame, and pairs it anew',
    group: 'family',
    // Meanwhile nothing else can be judged.
    seldom: true,
    async happen({ home, watcher, tell }) {
      [home.inFamily, watcher.shows] = [false, false];
      const frame = await home.theFrame();
      await home.child('DELETE', `/v1/families/${home.family}/frames/${frame.id}`);
      tell();
      await home.pair();
      await forgetUnheardWishes(home);
      await eventually('the frame shows again', 180_000, () => watcher.shows);
    },
  },
];

/** For a while, of so many seconds at least and at most, the line is as `spoil` leaves it. */
function lineEvent(name, [least, most], spoil) {
  const happen = async ({ home, dice, tell }) => {
    const time = seconds(dice, least, most);
    tell(words(time));
    spoil(home.line);
    await pause(time * 1000);
    home.line.open();
  };
  return { name, group: 'line', happen };
}

async function serverIsAway(home, time, tell, end) {
  tell(words(time));
  home.serverAway = true;
  await end();
  await pause(time * 1000);
  await home.startServer();
  home.serverAway = false;
}

async function clockSays(clock, time, lasting, tell) {
  clock.setTo(time);
  tell(words(lasting));
  await pause(lasting * 1000);
  clock.setRight();
}

/** Half an hour before, until two hours after. */
async function clocksChange({ clock, tell }, change) {
  clock.setTo(change - HOUR / 2);
  tell();
  await pause(Math.max(6_000, clock.lasting(2.5 * HOUR)));
  clock.setRight();
}

async function made(home, count) {
  const photos = [];
  while (photos.length < count) photos.push(await home.photos.make());
  return photos;
}

const numbersOf = (photos) => photos.map(({ number }) => `photo ${number}`).join(', ');

async function spare(home, dice) {
  await home.learnIds();
  return home.visible.length > KEPT ? dice.one(home.visible) : null;
}

/** The first touch of a sleeping frame wakes it, and does nothing else. */
async function wake(panel, watcher) {
  if (!watcher.status?.asleep) return;
  await panel.touch(...PLACES.photo);
  await pause(2_500);
}

/** What the parents hid and no server has heard of is forgotten with the family. */
async function forgetUnheardWishes(home) {
  const hidden = new Set((await home.everyPhoto('&hidden=true')).map(({ id }) => id));
  for (const photo of home.photos.all) if (photo.ban?.how === 'hidden here' && !hidden.has(photo.id)) photo.ban = undefined;
}
