// The frame's window on a panel nobody sees: how soon it shows a photo, what memory and processor it takes, and how large a
// bitmap it ever decodes; beside an ordinary slideshow of the same photos in the same web engine.
//
// One home, one panel, one part after the other, because whatever runs beside shares both memory and processor.
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { eventually, kioskProgram, pause, serverProgram } from '../../ui/tests/kiosk/home.mjs';
import { bitmapsOf } from './bitmaps.mjs';
import { Browser, PROGRAM, Slideshow } from './browser.mjs';
import { Cleanup } from './cleanup.mjs';
import { Damage } from './damage.mjs';
import { BenchHome, Kiosk } from './home.mjs';
import { WatchedPanel } from './panel.mjs';
import { makePhotos } from './photos.mjs';
import { memory, processor, strangers, watchMemory } from './processes.mjs';
import { median, megabytes, percent, print, seconds } from './report.mjs';
import { Slides } from './slides.mjs';

const { values: options } = parseArgs({ options: { fixtures: { type: 'string' } } });
const SLIDES = Number(process.env.PICUP_BENCH_SLIDES ?? 10_000);
const PHOTOS = Number(process.env.PICUP_BENCH_PHOTOS ?? 2_000);
const SECONDS = Number(process.env.PICUP_BENCH_SECONDS ?? 60);
const PARTS = (process.env.PICUP_BENCH_PARTS ?? 'memory,cpu,bitmaps,start,browser').split(',');
const STARTS = 5;
const DAMAGED = Math.min(20, Math.floor(PHOTOS / 10));
/** Slides at which memory is told. */
const MARKS = [100, 1_000, 10_000].filter((mark) => mark < SLIDES).concat(SLIDES);
const BROWSER_MARKS = [100, 1_000].filter((mark) => mark <= SLIDES);
const BITMAP_SLIDES = Math.min(200, SLIDES);
/** Less than any photo stays on. */
const REST_MS = 3_000;
/**
 * Slides race sixty times as fast as the ten seconds a photo of a living room. So often the window looks at its memory there, too,
 * and after so many quiet looks it exchanges a page that has grown.
 */
const HURRIED_LOOKS = ['--memory-look-seconds', '1'];
const BUDGET = { start: 2, memory: 250, growth: 1.1 };

const cleanup = new Cleanup();
/** What was measured, by part. */
const found = {};
const rows = [];
try {
  await measure();
} finally {
  // What was measured is told even where a later part failed.
  tell();
  print(`frame, ${PHOTOS} photos, 1280x800 under Xvfb`, rows);
  await cleanup.all();
}

async function measure() {
  for (const program of [kioskProgram, serverProgram, PROGRAM]) await access(program);
  const folder = await mkdtemp(path.join(tmpdir(), 'picup-bench-photos-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const photos = await step(`making ${PHOTOS} photos`, () => makePhotos(options.fixtures, path.join(folder, 'photos'), PHOTOS));
  const panel = await WatchedPanel.plugIn();
  cleanup.add(() => panel.unplug());
  if (PARTS.some((part) => part !== 'browser')) await home(panel, photos);
  await part('browser', 'the ordinary slideshow', () => browser(panel, photos, folder));
}

/** Everything that is measured of the frame. */
async function home(panel, photos) {
  const home = await BenchHome.build();
  const leave = cleanup.add(() => home.leave());
  await furnish(home, panel, photos);
  await part('memory', `${SLIDES} slides`, () => slides(home, panel));
  await part('cpu', 'the processor', () => usage(home, panel));
  await part('bitmaps', `bitmaps of ${BITMAP_SLIDES} slides and an album`, () => bitmapsOf(home, panel, BITMAP_SLIDES, cleanup));
  await part('start', `${STARTS} starts without a server`, () => starts(home, panel));
  await leave();
}

/** Pairs the frame, and fills the server and the frame's cache. */
async function furnish(home, panel, photos) {
  const kiosk = new Kiosk(home, panel);
  const stop = cleanup.add(() => kiosk.stop());
  await home.pairFrame();
  await home.setFrame({ seconds_per_photo: 3_600 });
  await home.engine('pause');
  await step('uploading', () => home.upload(photos, every(200, (sent) => progress(`${sent} sent`))));
  const broken = await step('rendering', () => rendered(home, photos));
  const good = photos.length - broken;
  await step('filling the frame', () => steadily(home, `${good} photos on the frame`, async () => (await home.engine('status')).sync.photos_cached, good));
  await home.engine('resume');
  await stop();
}

/** How many the server calls broken, once every photo has been looked at: the torn ones, and no other. */
async function rendered(home, photos) {
  let states;
  const done = async () => {
    states = (await home.photos()).map(({ state }) => state);
    return states.filter((state) => state !== 'processing').length;
  };
  await steadily(home, `${photos.length} photos rendered`, done, photos.length);
  const broken = states.filter((state) => state === 'broken').length;
  const torn = photos.filter(({ kind }) => kind === 'torn').length;
  if (broken !== torn) console.log(`   NOTE: ${torn} files are torn, and the server calls ${broken} broken`);
  return broken;
}

/** Waits as long as it goes on: it fails when nothing has changed for two minutes. */
async function steadily(home, what, ask, wanted) {
  for (let known = -1; known !== wanted; ) {
    known = await eventually(`${what}, of which there are ${known}`, 120_000, async () => {
      const now = await ask();
      return now !== known && { now };
    }).then(({ now }) => now);
    progress(`${known} of ${wanted}`);
    await pause(2_000);
  }
}

/** Memory while the slides go by as fast as they are painted, and what becomes of damaged files. */
async function slides(home, panel) {
  const damage = await Damage.do(home, DAMAGED);
  const kiosk = new Kiosk(home, panel, HURRIED_LOOKS);
  const stop = cleanup.add(() => kiosk.stop());
  await shows(home);
  const mended = await step(`asking for ${DAMAGED} damaged photos`, () => mend(home, damage));
  const highest = watchMemory(kiosk.pid);
  const seen = { marks: new Map(), onPanel: 0, looks: 0 };
  const began = performance.now();
  const show = new Slides(home, (slide) => damage.painted(slide));
  await show.paint(SLIDES, async (painted) => {
    if (painted % 250 === 0 || painted === SLIDES) await look(panel, seen, painted);
    if (MARKS.includes(painted)) seen.marks.set(painted, await atRest(kiosk.pid));
  });
  const perSecond = (show.painted * 1000) / (performance.now() - began);
  const others = await strangers(kiosk.pid);
  if (others > 0) console.log(`   NOTE: ${others} processes of the same web engine ran beside, so that ours look smaller`);
  const peak = await highest();
  await stop();
  return { ...seen, painted: show.painted, replaced: show.replaced, perSecond, peak, renewals: kiosk.renewals, damage, mended };
}

/** Memory once the last picture has faded in and stood for a while, as every picture does in the living room. */
async function atRest(pid) {
  await pause(REST_MS);
  return memory(pid);
}

/** How many of the damaged files were fetched anew after the page was asked to show them. */
async function mend(home, damage) {
  await damage.show(home);
  return damage.mended(60_000);
}

/** That the page says it has painted is one thing, what is on the panel another. */
async function look(panel, seen, painted) {
  seen.looks += 1;
  if (await panel.hasPhoto()) seen.onPanel += 1;
  progress(`${painted} painted`);
}

async function shows(home) {
  const health = async () => (await fetch(`http://${home.bridge}/api/health`)).json();
  await eventually('a painted photo', 60_000, async () => (await health()).painted);
}

/** An ordinary evening, ten seconds a photo, and the night after it. */
async function usage(home, panel) {
  const kiosk = new Kiosk(home, panel);
  const stop = cleanup.add(() => kiosk.stop());
  await shows(home);
  const still = await evening(home, kiosk, false);
  const moving = await evening(home, kiosk, true);
  await home.command('sleep');
  await eventually('sleep', 30_000, async () => (await home.engine('status')).asleep);
  await pause(10_000);
  const asleep = await processor(kiosk.pid, SECONDS);
  // It would sleep on through the parts that follow.
  await home.command('wake');
  await eventually('waking', 30_000, async () => !(await home.engine('status')).asleep);
  await stop();
  return { still, moving, asleep };
}

async function evening(home, kiosk, motion) {
  await home.setFrame({ seconds_per_photo: 10, motion });
  await eventually('the settings', 30_000, async () => {
    const { settings } = await home.engine('status');
    return settings.motion === motion && settings.seconds_per_photo === 10;
  });
  await home.engine('next');
  await pause(10_000);
  return processor(kiosk.pid, SECONDS);
}

/** Seconds from the start of the process to a photo on the panel, each time; the server is gone. */
async function starts(home, panel) {
  await home.killServer();
  return several(STARTS, panel, () => {
    const kiosk = new Kiosk(home, panel);
    return cleanup.add(() => kiosk.stop());
  });
}

async function several(count, panel, start) {
  const taken = [];
  for (let turn = 0; turn < count; turn += 1) {
    await eventually('a dark panel', 10_000, async () => !(await panel.hasPhoto()));
    const spawned = performance.now();
    const stop = start();
    taken.push(((await panel.firstPhoto(60_000)) - spawned) / 1000);
    progress(seconds(taken.at(-1)));
    await stop();
    await pause(1_000);
  }
  return taken;
}

async function browser(panel, photos, folder) {
  const show = await Slideshow.serve(photos.filter(({ kind }) => kind !== 'torn'));
  cleanup.add(async () => show.close());
  const open = () => new Browser(panel, show.url, folder);
  const start = await several(STARTS, panel, () => {
    const browser = open();
    return cleanup.add(() => browser.stop());
  });
  show.shown = 0;
  const browser = open();
  const stop = cleanup.add(() => browser.stop());
  const highest = watchMemory(browser.pid);
  const marks = new Map();
  for (const mark of BROWSER_MARKS) {
    await show.until(mark, mark * 1_000 + 30_000);
    marks.set(mark, await memory(browser.pid));
    progress(`${mark} shown, ${megabytes(marks.get(mark).total)}`);
  }
  const peak = await highest();
  await stop();
  return { start, marks, peak };
}

function tell() {
  if (found.start) tellStart(found.start, found.browser);
  if (found.memory) tellMemory(found.memory, found.browser);
  if (found.cpu) tellProcessor(found.cpu);
  if (found.bitmaps) tellBitmaps(found.bitmaps);
}

function tellStart(start, theirs) {
  rows.push([
    `start to first photo, median of ${STARTS}, no server`, seconds(median(start)), `<= ${BUDGET.start} s`,
    median(start) <= BUDGET.start, theirs ? `${seconds(median(theirs.start))}, with a server` : '',
  ]);
  rows.push(['  slowest', seconds(Math.max(...start)), '', true, theirs ? seconds(Math.max(...theirs.start)) : '']);
}

function tellMemory(ours, theirs) {
  const budget = `<= ${BUDGET.memory} MB`;
  for (const [mark, { total }] of ours.marks) {
    const other = theirs?.marks.get(mark);
    rows.push([`memory at slide ${mark}, at rest`, megabytes(total), budget, total <= BUDGET.memory, other ? megabytes(other.total) : '']);
  }
  rows.push(['  highest, while the slides race', megabytes(ours.peak), budget, ours.peak <= BUDGET.memory, theirs ? megabytes(theirs.peak) : '']);
  const [first, last] = [ours.marks.get(MARKS[0]), ours.marks.get(SLIDES)];
  for (const [name, part] of Object.entries(last.parts)) {
    const other = theirs?.marks.get(BROWSER_MARKS.at(-1))?.parts[name];
    rows.push([`  ${name}, at the last`, megabytes(part), '', true, other ? megabytes(other) : '']);
  }
  const growth = last.total / first.total;
  rows.push([`  slide ${SLIDES} to slide ${MARKS[0]}`, `${growth.toFixed(2)}x`, `<= ${BUDGET.growth}x`, growth <= BUDGET.growth]);
  rows.push(['  renewals of the page meanwhile', String(ours.renewals)]);
  rows.push(['slides painted', `${ours.painted}, ${ours.perSecond.toFixed(1)} a second`, String(SLIDES), ours.painted === SLIDES]);
  rows.push(['  a photo on the panel, at so many looks', `${ours.onPanel} of ${ours.looks}`, 'all', ours.onPanel === ours.looks]);
  rows.push(['  left for another by the frame', String(ours.replaced)]);
  tellDamage(ours);
}

function tellDamage({ damage, mended }) {
  const { files, torn, whole } = damage;
  rows.push(['damaged files painted torn', String(torn.size), '0', torn.size === 0]);
  rows.push(['  fetched anew', `${mended} of ${files.size}`, 'all', mended === files.size]);
  rows.push(['  of them seen whole', String(whole.size)]);
  for (const harm of damage.tornHarms) console.log(`   painted torn: ${harm}`);
}

function tellProcessor({ still, moving, asleep }) {
  rows.push([`processor, ${SECONDS} s, 10 s a photo`, percent(still)]);
  rows.push(['  with motion', percent(moving)]);
  rows.push(['  asleep', percent(asleep)]);
}

function tellBitmaps(bitmaps) {
  const [width, height] = [1280, 800];
  for (const kind of new Set(bitmaps.map((one) => one.kind))) {
    const all = bitmaps.filter((one) => one.kind === kind);
    const largest = all.reduce((most, one) => (one.width * one.height > most.width * most.height ? one : most));
    const [widest, highest] = [Math.max(...all.map((one) => one.width)), Math.max(...all.map((one) => one.height))];
    rows.push([
      `largest ${kind}`, `${largest.width}x${largest.height} (widest ${widest}, highest ${highest})`, `<= ${width}x${height}`,
      widest <= width && highest <= height,
    ]);
  }
}

async function part(name, what, act) {
  if (PARTS.includes(name)) found[name] = await step(what, act);
}

async function step(what, act) {
  const began = performance.now();
  console.log(`-- ${what}`);
  const answer = await act();
  console.log(`   ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return answer;
}

function progress(words) {
  console.log(`   ${words}`);
}

function every(number, act) {
  return (count) => count % number === 0 && act(count);
}
