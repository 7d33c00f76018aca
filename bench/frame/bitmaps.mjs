// The largest bitmap the page ever has: what it decodes and what it draws on, while slides go by and an album is leafed
// through.
//
// WebDriver puts a note-taker into the page, so this is a session of its own: what it costs is measured nowhere.
import { eventually, pause } from '../../ui/tests/kiosk/home.mjs';
import { DrivenKiosk } from '../../ui/tests/kiosk/driver.mjs';
import { Slides } from './slides.mjs';

const TURNS = 20;
/** Longer than a page takes to turn. */
const TURN_MS = 900;

/** Notes the size of every image once it is decoded or loaded, of every canvas drawn on, and of every bitmap. */
const TAKE_NOTES = `
  if (window.bitmaps) return null;
  window.bitmaps = new Map();
  const note = (kind, { width, height }) => window.bitmaps.set([kind, width, height].join(' '), { kind, width, height });
  const image = (it) => it.naturalWidth > 0 && note('image', { width: it.naturalWidth, height: it.naturalHeight });
  const { decode } = HTMLImageElement.prototype;
  HTMLImageElement.prototype.decode = async function () { await decode.call(this); image(this); };
  document.addEventListener('load', ({ target }) => target instanceof HTMLImageElement && image(target), true);
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (source, ...where) {
    if (source instanceof HTMLImageElement) image(source);
    note('canvas', this.canvas);
    return drawImage.call(this, source, ...where);
  };
  const make = window.createImageBitmap;
  window.createImageBitmap = async (...about) => { const made = await make(...about); note('bitmap', made); return made; };
  return null;`;

const NOTES = `
  for (const it of document.querySelectorAll('img')) if (it.naturalWidth > 0) window.bitmaps.set(it.src, { kind: 'image', width: it.naturalWidth, height: it.naturalHeight });
  for (const it of document.querySelectorAll('canvas')) window.bitmaps.set(it, { kind: 'canvas', width: it.width, height: it.height });
  return [...window.bitmaps.values()];`;

/** Every size seen of `slides` slides and an open album, as `{ kind, width, height }`. */
export async function bitmapsOf(home, panel, slides, cleanup) {
  const album = await furnish(home);
  const kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
  const stop = cleanup.add(() => kiosk.stop());
  await eventually('the album', 60_000, async () => (await home.engine('albums')).some(({ id }) => id === album.id));
  await eventually('a photo', 60_000, () => kiosk.inPage("return document.querySelector('img.photo') !== null"));
  await kiosk.inPage(TAKE_NOTES);
  await new Slides(home).paint(slides);
  await leafThrough(panel, kiosk);
  const seen = await kiosk.inPage(NOTES);
  await stop();
  return seen;
}

/** The only album there is: it opens at once. */
async function furnish(home) {
  const { items } = await home.ask('GET', `/v1/families/${home.family}/photos?limit=200`);
  const album = await home.ask('POST', `/v1/families/${home.family}/albums`, { title: '제주 여행' });
  const ready = items.filter(({ state }) => state === 'ready').slice(0, 80);
  await home.ask('POST', `/v1/albums/${album.id}/photos`, { photo_ids: ready.map(({ id }) => id) });
  return album;
}

async function leafThrough(panel, kiosk) {
  const where = "return document.querySelector('button.tab')?.getBoundingClientRect().toJSON() ?? null";
  const tab = await eventually('the way to the albums', 10_000, () => kiosk.inPage(where));
  await panel.touch(Math.round(tab.x + tab.width / 2), Math.round(tab.y + tab.height / 2));
  await eventually('the open album', 10_000, () => kiosk.inPage("return document.querySelector('.book') !== null"));
  await pause(2_000);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await panel.do('key', 'Right');
    await pause(TURN_MS);
  }
}
