// A week in the life of a frame, in some minutes: the real server, the real window, and everything that happens to them.
//
// `node tests/kiosk/soak.mjs [--minutes N] [--seed S]`. Ends with 1 when a picture was missing, a wrong one was shown, or a
// photo got lost. What happens when comes from the seed alone.
import { parseArgs } from 'node:util';
import { eventually } from './home.mjs';
import { Dice } from './soak/dice.mjs';
import { KINDS } from './soak/events.mjs';
import { SupervisedFrame } from './soak/frame.mjs';
import { SoakHome } from './soak/home.mjs';
import { Journal } from './soak/journal.mjs';
import { OpenPanel } from './soak/panel.mjs';
import { report } from './soak/report.mjs';
import { Watcher } from './soak/watcher.mjs';
import { WeekClock } from './soak/clock.mjs';

/** Photos of the first day. */
const FIRST = 10;
/** Between two events, in seconds: where there is time for it, everything happens several times. */
const BETWEEN = 11;
/** An event that waits for another, or for the frame, is over by then. */
const LAST_WAIT = 240_000;

function chosen() {
  const options = { minutes: { type: 'string', default: '20' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } };
  const { values } = parseArgs({ options });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes >= 1) || !Number.isInteger(seed)) throw new Error('--minutes takes a number from 1, --seed a whole number');
  return { minutes, seed };
}

/** Every kind in each round, in another order; the seldom ones in every third. */
function planned(dice, minutes) {
  const rounds = Math.max(1, Math.round((minutes * 60) / (KINDS.length * BETWEEN)));
  const kinds = Array.from({ length: rounds }, (_, round) => dice.shuffled(KINDS.filter(({ seldom }) => !seldom || round % 3 === 0))).flat();
  const between = (minutes * 60_000) / kinds.length;
  return kinds.map((kind, place) => ({ kind, at: Math.round((place + dice.between(0.1, 0.9)) * between), dice: dice.another() }));
}

async function settleIn(week) {
  const { home, frame, watcher } = week;
  frame.start();
  await home.pair();
  for (let photo = 0; photo < FIRST; photo++) await home.dropInbox(await home.photos.make());
  await eventually('the first photos', 180_000, async () => (await home.engine('status')).sync.photos_cached === FIRST);
  await home.learnIds();
  await home.child('POST', `/v1/albums/${home.album.id}/photos`, { photo_ids: home.visible.map(({ id }) => id) });
  watcher.start();
  await eventually('a photo on the panel', 30_000, () => watcher.shown > 0);
}

async function liveThrough(week, events, minutes) {
  const groups = new Map();
  const running = events.map(async ({ kind, at, dice }) => {
    await week.clock.reaches(at);
    const before = groups.get(kind.group);
    const happens = (kind.group ? Promise.resolve(before) : Promise.resolve()).then(() => week.journal.live(kind, { ...week, dice }));
    if (kind.group) groups.set(kind.group, happens);
    await happens;
  });
  await Promise.all([...running, week.clock.reaches(minutes * 60_000)]);
}

/** Everything is mended, and what waits to be sent is sent. */
async function comeToRest({ home, clock }) {
  clock.setRight();
  home.line.open();
  await home.freeDisk();
  await eventually('everything from the inbox to be sent', LAST_WAIT, async () => {
    const { inbox, sync } = await home.engine('status');
    return sync.online && inbox.waiting === 0 && inbox.sending === 0;
  });
}

/** True when every goal was met. */
async function live(week, { minutes, seed }) {
  const { home } = week;
  await home.mount();
  week.panel = await OpenPanel.plugInAt(home.memory);
  week.clock = new WeekClock(home.memory, minutes);
  week.journal = new Journal(week.clock);
  await home.furnish();
  week.frame = new SupervisedFrame(home.kioskFlags, { ...week.panel.environment, ...week.clock.environment });
  week.watcher = new Watcher(week);
  await settleIn(week);
  week.clock.start();
  await liveThrough(week, planned(new Dice(seed), minutes), minutes);
  await comeToRest(week).catch((error) => week.journal.fault('coming to rest', error));
  await week.watcher.stop();
  return report(week, await home.lost());
}

/** Each on its own, so that one that fails keeps none of the others from ending. */
async function tidy({ home, watcher, frame, clock, panel }) {
  for (const end of [() => watcher?.stop(), () => frame?.stop(), () => clock?.stop(), () => panel?.unplug(), () => home.leave()]) {
    await Promise.resolve().then(end).catch((error) => console.error(`while tidying up: ${error.message}`));
  }
}

const stopped = new Promise((_, refuse) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => refuse(new Error(`stopped by ${signal}`)));
});

const options = chosen();
console.log(`a week in ${options.minutes} minutes, --seed ${options.seed}`);
const week = { home: await SoakHome.build() };
try {
  process.exitCode = (await Promise.race([live(week, options), stopped])) ? 0 : 1;
} catch (error) {
  console.error(error);
  // The week so far; what is still on its way from the inbox is not lost, so nothing is counted.
  if (week.watcher) report(week, { taken: 0, lost: [] });
  process.exitCode = 1;
} finally {
  await tidy(week);
}
// Events that were stopped in the middle would keep it alive.
process.exit();
