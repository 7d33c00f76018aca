// The network between frame and server: a line that can be cut, go silent, crawl, and break.
//
// Rule: whatever was done to it, `open` makes it a good line for every connection made from then on.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Bytes a second, and milliseconds each way, of a line that crawls. */
const CRAWL = { bytes: 24_000, delay: 400 };

export class Line {
  #server;
  #pairs = new Set();
  #state = 'open';
  #waiting = [];
  #target;
  /** Since when nothing was wrong; connections without an other end count until the frame has let go of them. */
  #goodSince = Date.now();

  /** `target` answers the port of the server as it is now. */
  static async lay(target) {
    const line = new Line();
    line.#target = target;
    line.#server = createServer((near) => line.#carry(near)).listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** How long everything sent has arrived, in milliseconds. */
  get goodFor() {
    const isGood = this.#state === 'open' && ![...this.#pairs].some((pair) => pair.orphaned);
    return isGood ? Date.now() - this.#goodSince : 0;
  }

  open() {
    this.#state = 'open';
    this.#goodSince = Date.now();
    this.#waiting.splice(0).forEach((go) => go());
  }

  cut() {
    this.#state = 'cut';
    this.reset();
  }

  /** Connections stand, and nothing arrives any more. */
  silence() {
    this.#state = 'silent';
  }

  crawl() {
    this.#state = 'crawling';
  }

  reset() {
    for (const { near, far } of this.#pairs) [near, far].forEach((end) => end.resetAndDestroy());
    this.#goodSince = Date.now();
  }

  /** The server's ends are gone, and the frame is not told. */
  orphan() {
    for (const pair of this.#pairs) {
      pair.orphaned = true;
      pair.far.destroy();
    }
    return this.#pairs.size;
  }

  async takeUp() {
    this.#state = 'cut';
    for (const { near, far } of this.#pairs) [near, far].forEach((end) => end.destroy());
    this.#waiting.splice(0).forEach((go) => go());
    this.#server.close();
    await once(this.#server, 'close');
  }

  #carry(near) {
    if (this.#state === 'cut') return near.resetAndDestroy();
    const pair = { near, far: connect(this.#target(), '127.0.0.1'), orphaned: false };
    this.#pairs.add(pair);
    this.#carryOneWay(pair, near, pair.far);
    this.#carryOneWay(pair, pair.far, near);
    near.on('close', () => this.#end(pair));
    pair.far.on('close', () => pair.orphaned || near.destroy());
  }

  #carryOneWay(pair, from, to) {
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', async (bytes) => {
      from.pause();
      await this.#passage(bytes.length);
      if (!pair.orphaned && !to.destroyed && !to.write(bytes)) await once(to, 'drain').catch(() => undefined);
      from.resume();
    });
    from.on('end', () => pair.orphaned || to.end());
  }

  #end(pair) {
    pair.far.destroy();
    this.#pairs.delete(pair);
    if (pair.orphaned) this.#goodSince = Date.now();
  }

  async #passage(bytes) {
    if (this.#state === 'crawling') await new Promise((done) => setTimeout(done, CRAWL.delay + (bytes * 1000) / CRAWL.bytes));
    while (this.#state === 'silent') await new Promise((done) => this.#waiting.push(done));
  }
}
