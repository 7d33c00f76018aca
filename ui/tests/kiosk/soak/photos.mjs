// Photos that can be told apart on the panel: the fixtures, each with its number in three bands.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BAND, NUMBERS, cellsOf } from './codes.mjs';

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL('../../../../crates/testkit/fixtures/', import.meta.url));
const MOTIFS = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => [`landscape_${n}.jpg`, `portrait_${n}.jpg`]);
/** Every photo lies, so that each fills the panel alone and its bands are large. */
const LYING = { width: 1440, height: 960 };

export class Photos {
  #directory;
  all = [];

  constructor(directory) {
    this.#directory = directory;
  }

  /** Writes the next photo, as `{ number, file, sha256 }`. */
  async make() {
    const number = this.all.length;
    if (number >= NUMBERS) throw new Error(`there are ${NUMBERS} photos already`);
    const photo = { number, file: join(this.#directory, `photo-${String(number).padStart(3, '0')}.jpg`) };
    this.all.push(photo);
    await paint(join(fixtures, MOTIFS[number % MOTIFS.length]), photo);
    photo.sha256 = createHash('sha256').update(await readFile(photo.file)).digest('hex');
    return photo;
  }
}

async function paint(motif, { number, file }) {
  const { width, height } = LYING;
  const filled = ['-resize', `${width}x${height}^`, '-gravity', 'center', '-extent', `${width}x${height}`, '-gravity', 'none'];
  await run('convert', [motif, '-auto-orient', '-strip', ...filled, ...bandsOf(number), '-quality', '88', file]);
}

function bandsOf(number) {
  const { width, height } = LYING;
  const cell = (width * BAND.width) / cellsOf(number).length;
  return BAND.middles.flatMap((middle) => {
    const top = Math.round(height * (middle - BAND.height / 2));
    const bottom = Math.round(height * (middle + BAND.height / 2));
    return cellsOf(number).flatMap((colour, at) => {
      const left = Math.round(width * BAND.left + at * cell);
      return ['-fill', colour, '-draw', `rectangle ${left},${top} ${Math.round(left + cell) - 1},${bottom}`];
    });
  });
}
