// Five slides and a turned page in the real window: how many frames a second reach the panel, and a film of it to look at.
//
// `node tests/kiosk/film.mjs DIRECTORY`. Counted on the panel itself, in a strip of it: what a page believes it paints need
// not arrive there. Measured first and filmed afterwards, because filming the whole costs the processor that paints.
// Nothing is judged here: a shared machine is noisy.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DrivenKiosk } from './driver.mjs';
import { Home, eventually, pause } from './home.mjs';
import { Panel, ended } from './panel.mjs';

const PANELS = [[1280, 800], [1920, 1080]];
const PHOTOS = ['landscape_1.jpg', 'landscape_3.jpg', 'landscape_6.jpg', 'landscape_8.jpg', 'gps.jpg', 'portrait_1.jpg'];
const SLIDES = 5;
const FADE_MS = 2_200;
const TURN_MS = 1_500;
/** Looks a second; twice what a panel shows, so that two frames are not taken for one. */
const LOOKS = 120;

/** Frames a second of what changes within `milliseconds` of `act`, in a strip across the middle of the panel. */
async function framesPerSecond(panel, milliseconds, act) {
  const [width, height] = [Math.round(panel.width * 0.2) * 2, 40];
  const from = `${panel.display}+${Math.round(panel.width * 0.3)},${Math.round(panel.height / 2)}`;
  const look = ['-framerate', LOOKS, '-draw_mouse', '0', '-video_size', `${width}x${height}`, '-i', from];
  const camera = spawn('ffmpeg', ['-loglevel', 'error', '-f', 'x11grab', ...look, '-f', 'framemd5', '-'].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  const seen = text(camera.stdout);
  await pause(500);
  await act();
  await pause(milliseconds);
  camera.stdin.write('q');
  await ended(camera);
  return rateOf(changes(await seen));
}

/** Seconds at which the picture was another than before. Each line has its time, in the unit the head tells, and a digest. */
function changes(frames) {
  const [, over, under] = /^#tb 0: (\d+)\/(\d+)/m.exec(frames);
  const looks = frames.split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(',').map((word) => word.trim()));
  const changed = looks.filter((look, at) => at > 0 && look[5] !== looks[at - 1][5]);
  return changed.map(([, time]) => (time * over) / under);
}

function rateOf(times) {
  return (times.length - 1) / (times.at(-1) - times[0]);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function furnish(home) {
  await home.pairFrame();
  for (const photo of PHOTOS) await home.drop(photo);
  await eventually('every photo is here', 120_000, async () => (await home.engine('status')).sync.photos_cached === PHOTOS.length);
  await home.setFrame({ seconds_per_photo: 3600, pairs: false });
  const { items } = await home.ask('GET', `/v1/families/${home.family}/photos`);
  const album = await home.ask('POST', `/v1/families/${home.family}/albums`, { title: '제주 여행' });
  await home.ask('POST', `/v1/albums/${album.id}/photos`, { photo_ids: items.map(({ id }) => id) });
  await eventually('the album is here', 20_000, async () => (await home.engine('albums'))[0]?.photo_count === items.length);
}

async function press(panel, kiosk, selector) {
  const where = 'return document.querySelector(arguments[0])?.getBoundingClientRect().toJSON() ?? null';
  const box = await eventually(selector, 10_000, () => kiosk.inPage(where, selector));
  await panel.touch(Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2));
  await pause(1_200);
}

/** The only album there is opens at once. */
async function openAlbum(panel, kiosk) {
  await press(panel, kiosk, 'button.tab');
  await eventually('the open album', 10_000, () => kiosk.inPage("return document.querySelector('.book') !== null"));
  await pause(1_500);
}

async function slides(home, each) {
  for (let slide = 0; slide < SLIDES; slide++) await each(() => home.engine('next'));
}

async function turns(panel, each) {
  for (const key of ['Right', 'Left']) await each(() => panel.do('key', key));
}

function film(panel, file) {
  const size = `${panel.width}x${panel.height}`;
  const flags = ['-y', '-loglevel', 'error', '-f', 'x11grab', '-framerate', '30', '-draw_mouse', '0', '-video_size', size, '-i', panel.display];
  return spawn('ffmpeg', [...flags, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-pix_fmt', 'yuv420p', file], { stdio: ['pipe', 'inherit', 'inherit'] });
}

async function show([width, height], directory) {
  const panel = await Panel.plugIn(width, height);
  const home = await Home.build();
  const kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
  try {
    await furnish(home);
    await pause(5_000);
    const fades = [];
    await slides(home, async (act) => fades.push(await framesPerSecond(panel, FADE_MS, act)));
    await openAlbum(panel, kiosk);
    const leaves = [];
    await turns(panel, async (act) => leaves.push(await framesPerSecond(panel, TURN_MS, act)));
    console.log(`${width}x${height}: ${median(fades).toFixed(0)} frames/s while fading, ${median(leaves).toFixed(0)} while a page turns`);
    const camera = film(panel, join(directory, `${width}x${height}.mp4`));
    await turns(panel, async (act) => (await act(), await pause(1_500)));
    await press(panel, kiosk, '.over header button');
    await slides(home, async (act) => (await act(), await pause(2_500)));
    camera.stdin.write('q');
    await ended(camera);
  } finally {
    await kiosk.stop();
    await home.leave();
    await panel.unplug();
  }
}

const [directory] = process.argv.slice(2);
if (!directory) throw new Error('say where the films go');
mkdirSync(directory, { recursive: true });
for (const size of PANELS) await show(size, directory);
