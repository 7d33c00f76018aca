// A panel that is looked at without asking it: Xvfb keeps its pixels in a file, and a look is one read of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Panel } from '../panel.mjs';
import { bandsOn } from './codes.mjs';

/** Colours of 64,000 looked at, from which on there is a photo; as in the other tests of the window, with its bands off. */
const A_PHOTO = 2_500;
/** Of a bare desktop, or an empty window. */
const WORDS = 64;
/** The brightest pixel of a panel that is off. */
const DARK = 24;

export class OpenPanel extends Panel {
  #file;
  #layout;

  static async plugInAt(directory, width = 1280, height = 800) {
    const flags = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-fbdir', directory];
    const server = spawn('Xvfb', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const [number] = await once(server.stdio[3], 'data');
    const display = `:${number.toString().trim()}`;
    const manager = spawn('openbox', ['--sm-disable'], { env: { ...process.env, DISPLAY: display }, stdio: 'ignore' });
    const panel = new OpenPanel(server, manager, display, width, height);
    panel.#file = await open(join(directory, 'Xvfb_screen0'));
    panel.#layout = await panel.#readLayout();
    return panel;
  }

  /** The file is an XWD: a header, a palette, then four bytes a pixel. */
  async #readLayout() {
    const header = Buffer.alloc(100);
    await this.#file.read(header, 0, header.length, 0);
    const [size, , , , width, height] = Array.from({ length: 6 }, (_, at) => header.readUInt32BE(at * 4));
    const [bytesPerLine, colours] = [header.readUInt32BE(48), header.readUInt32BE(76)];
    if (width !== this.width || height !== this.height || bytesPerLine !== width * 4) throw new Error('the panel is laid out otherwise');
    return { from: size + colours * 12, bytes: bytesPerLine * height };
  }

  /** The panel's pixels now, blue first. */
  async pixels() {
    const pixels = Buffer.alloc(this.#layout.bytes);
    await this.#file.read(pixels, 0, pixels.length, this.#layout.from);
    return pixels;
  }

  /** What is seen now: `photo` with its bands, `picture` without any, `words`, `bare`, or `dark`. */
  async look() {
    const { width, height } = this;
    const pixels = await this.pixels();
    const bands = bandsOn({ width, height, pixels });
    return { bands, seen: bands.length > 0 ? 'photo' : kindOf(pixels, width, height) };
  }

  async unplug() {
    await this.#file?.close();
    await super.unplug();
  }
}

function kindOf(pixels, width, height) {
  const colours = new Set();
  let brightest = 0;
  for (let y = 2; y < height; y += 4) {
    for (let at = (y * width + 2) * 4, end = (y + 1) * width * 4; at < end; at += 16) {
      const [blue, green, red] = [pixels[at], pixels[at + 1], pixels[at + 2]];
      brightest = Math.max(brightest, blue, green, red);
      colours.add((red << 16) | (green << 8) | blue);
    }
  }
  if (brightest < DARK) return 'dark';
  if (colours.size < WORDS) return 'bare';
  return colours.size >= A_PHOTO ? 'picture' : 'words';
}
