// The panel of the window's tests, whose pixels are read where the X server keeps them: a look costs a millisecond, and no
// program that competes with the one that is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pause } from '../../ui/tests/kiosk/home.mjs';
import { Panel } from '../../ui/tests/kiosk/panel.mjs';

/** Colours from which on a photo is on the panel, of 2,560 and of 64,000 points; a page of words has some hundreds. */
const PERHAPS = 400;
const A_PHOTO = 5_000;
/** The fields of XWDFile.h that say where the pixels are, big-endian numbers of four bytes. */
const HEADER = { bytes: 0, bytesPerLine: 12, colours: 19 };
const BYTES_PER_COLOUR = 12;

export class WatchedPanel extends Panel {
  static async plugIn(width = 1280, height = 800) {
    const folder = await mkdtemp(path.join(tmpdir(), 'picup-panel-'));
    const size = `${width}x${height}x24`;
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-fbdir', folder, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = await once(server.stdio[3], 'data');
    const display = `:${number.toString().trim()}`;
    const manager = spawn('openbox', ['--sm-disable'], { env: { ...process.env, DISPLAY: display }, stdio: 'ignore' });
    const panel = new WatchedPanel(server, manager, display, width, height);
    panel.folder = folder;
    return panel;
  }

  async hasPhoto() {
    return (await this.#seen(64, 40)) > PERHAPS && (await this.#seen(320, 200)) > A_PHOTO;
  }

  /** When a photo was on the panel, by `performance.now()`. */
  async firstPhoto(within) {
    const until = performance.now() + within;
    while (performance.now() < until) {
      const looked = performance.now();
      if (await this.hasPhoto()) return looked;
      await pause(15);
    }
    throw new Error(`no photo on the panel within ${within / 1000} s`);
  }

  async unplug() {
    await super.unplug();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** How many colours `columns` times `rows` points have. */
  async #seen(columns, rows) {
    const file = await open(path.join(this.folder, 'Xvfb_screen0'));
    try {
      const { start, bytesPerLine } = await layout(file);
      const line = Buffer.alloc(bytesPerLine);
      const colours = new Set();
      for (let row = 0; row < rows; row += 1) {
        await file.read(line, 0, bytesPerLine, start + bytesPerLine * Math.floor(((row + 0.5) * this.height) / rows));
        for (let column = 0; column < columns; column += 1) {
          colours.add(line.readUInt32LE(4 * Math.floor(((column + 0.5) * this.width) / columns)) & 0xffffff);
        }
      }
      return colours.size;
    } finally {
      await file.close();
    }
  }
}

async function layout(file) {
  const header = Buffer.alloc(100);
  await file.read(header, 0, header.length, 0);
  const field = (index) => header.readUInt32BE(4 * index);
  return { start: field(HEADER.bytes) + field(HEADER.colours) * BYTES_PER_COLOUR, bytesPerLine: field(HEADER.bytesPerLine) };
}
