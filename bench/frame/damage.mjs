// Damages cached pictures on the disk of a frame that is switched off, as a failing card does, and looks whether one of them
// is ever painted.
//
// Rule: what counts is the file at the moment the page says that it has painted the photo. Is it the damaged one, then the
// parents saw a torn picture.
import { randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually, pause } from '../../ui/tests/kiosk/home.mjs';

/** Half are cut, a quarter is garbage from the first byte on, and a quarter from the middle on. */
const HARMS = [cut, spoilt, cut, halfSpoilt];
const PATIENCE_MS = 4_000;

export class Damage {
  torn = new Set();
  whole = new Set();

  /** `count` files of the cache, spread over all of it. The frame must not run. */
  static async do(home, count) {
    const damage = new Damage();
    const folder = path.join(home.place, 'frame', 'cache');
    const files = (await readdir(folder)).filter((name) => /^[0-9a-f-]{36}\./.test(name)).sort();
    const chosen = Array.from({ length: count }, (_, index) => files[Math.floor(((index + 0.5) * files.length) / count)]);
    damage.files = new Map();
    for (const [index, name] of chosen.entries()) {
      const file = path.join(folder, name);
      const bytes = HARMS[index % HARMS.length](await readFile(file));
      await writeFile(file, bytes);
      damage.files.set(name.split('.')[0], { file, bytes, harm: HARMS[index % HARMS.length].name });
    }
    return damage;
  }

  /** Asks for each of them at once, so that none is mended before the page could try. */
  async show(home) {
    for (const photo of this.files.keys()) {
      const here = await home.engine('show', { photo_id: photo }).then(() => true, () => false);
      if (!here) continue;
      const until = Date.now() + PATIENCE_MS;
      while (Date.now() < until && (await home.engine('status')).now_showing !== photo) await pause(20);
      if (Date.now() < until) await this.painted({ photo_id: photo });
    }
  }

  /** Told of every slide that was painted. */
  async painted(slide) {
    for (const photo of [slide.photo_id, slide.beside?.photo_id]) {
      const harmed = this.files.get(photo);
      if (!harmed) continue;
      const now = await readFile(harmed.file).catch(() => Buffer.alloc(0));
      (now.equals(harmed.bytes) ? this.torn : this.whole).add(photo);
    }
  }

  /** How many were fetched anew once `within` milliseconds have passed, or before. */
  async mended(within) {
    const count = async () => {
      const files = await Promise.all([...this.files.values()].map(async ({ file, bytes }) => {
        const now = await readFile(file).catch(() => bytes);
        return !now.equals(bytes);
      }));
      return files.filter(Boolean).length;
    };
    await eventually('every damaged file fetched anew', within, async () => (await count()) === this.files.size).catch(() => undefined);
    return count();
  }

  /** What was done to those that were painted nevertheless. */
  get tornHarms() {
    return [...this.torn].map((photo) => `${this.files.get(photo).harm} ${photo}`);
  }
}

function cut(bytes) {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function spoilt(bytes) {
  return randomBytes(bytes.length);
}

function halfSpoilt(bytes) {
  const kept = Math.floor(bytes.length / 2);
  return Buffer.concat([bytes.subarray(0, kept), randomBytes(bytes.length - kept)]);
}
