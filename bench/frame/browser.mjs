// The comparator: an ordinary web slideshow in the same web engine. Debian's MiniBrowser shows a page that swaps the address of
// one image, the originals as they are, four times a second.
import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { ended } from '../../ui/tests/kiosk/panel.mjs';
import { descendants, eventually } from '../../ui/tests/kiosk/home.mjs';

export const PROGRAM = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const SWAP_MS = 250;

const PAGE = `<!doctype html>
<style>html, body { margin: 0; height: 100%; background: black; } img { width: 100%; height: 100%; object-fit: contain; }</style>
<img alt="">
<script>
  const image = document.querySelector('img');
  let next = 0;
  const swap = () => { image.src = '/photo/' + next++; };
  image.onload = () => fetch('/shown');
  swap();
  setInterval(swap, ${SWAP_MS});
</script>`;

export class Slideshow {
  shown = 0;

  /** The page and the photos it shows, on loopback. */
  static async serve(photos) {
    const show = new Slideshow();
    show.server = createServer((request, response) => show.#answer(photos, request.url, response)).listen(0, '127.0.0.1');
    await once(show.server, 'listening');
    show.url = `http://127.0.0.1:${show.server.address().port}/`;
    return show;
  }

  #answer(photos, address, response) {
    if (address === '/shown') this.shown += 1;
    if (address === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    const number = /^\/photo\/(\d+)$/.exec(address)?.[1];
    if (number === undefined) return response.writeHead(204).end();
    createReadStream(photos[number % photos.length].file).pipe(response);
  }

  async until(count, within) {
    await eventually(`${count} photos in the browser`, within, () => this.shown >= count);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

export class Browser {
  /** With a profile of its own in `folder`, and painting as the frame's window does. */
  constructor(panel, url, folder) {
    const env = { ...panel.environment, HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache') };
    if (!existsSync('/dev/dri')) env.WEBKIT_DISABLE_DMABUF_RENDERER = '1';
    this.child = spawn(PROGRAM, ['--full-screen', '--private', url], { env, stdio: 'ignore' });
  }

  get pid() {
    return this.child.pid;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await ended(this.child);
    // Its page's process ends by itself; until it has, it would share the next one's memory.
    await eventually('the end of the browser', 20_000, async () => !(await descendants(process.pid)).some(({ name }) => name.startsWith('WebKit')));
  }
}
