// The home of the bench: that of the window's tests, signed in for longer than one access token, and its frame's window.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Home, descendants, eventually, freePort, kioskProgram, log } from '../../ui/tests/kiosk/home.mjs';
import { ended } from '../../ui/tests/kiosk/panel.mjs';

const SENDERS = 4;

export class BenchHome extends Home {
  #refreshToken;
  #staleAt = Infinity;

  static async build() {
    const home = new BenchHome();
    home.place = await mkdtemp(path.join(tmpdir(), 'picup-bench-frame-'));
    home.inbox = path.join(home.place, 'inbox');
    mkdirSync(home.inbox);
    home.bridge = `127.0.0.1:${await freePort()}`;
    await home.startServer();
    await home.signUp();
    return home;
  }

  async ask(method, route, body) {
    if (Date.now() > this.#staleAt) await this.#refresh();
    const answer = await super.ask(method, route, body);
    if (answer?.refresh_token) this.#remember(answer);
    return answer;
  }

  async #refresh() {
    this.#staleAt = Infinity;
    this.token = undefined;
    this.#remember(await super.ask('POST', '/v1/auth/refresh', { refresh_token: this.#refreshToken }));
  }

  #remember({ access_token, refresh_token, expires_in }) {
    this.token = access_token;
    this.#refreshToken = refresh_token;
    this.#staleAt = Date.now() + (expires_in * 1000) / 2;
  }

  /** Sends every photo, several at a time. */
  async upload(photos, told) {
    const waiting = [...photos];
    const senders = Array.from({ length: SENDERS }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await this.#send(next);
        told(photos.length - waiting.length);
      }
    });
    await Promise.all(senders);
  }

  /** Creation with upload: one request a photo. */
  async #send({ file }) {
    if (Date.now() > this.#staleAt) await this.#refresh();
    const bytes = await readFile(file);
    const said = { filename: path.basename(file), family: this.family, sha256: createHash('sha256').update(bytes).digest('hex') };
    const metadata = Object.entries(said).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
    const headers = {
      authorization: `Bearer ${this.token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': metadata,
      'content-type': 'application/offset+octet-stream',
    };
    const answer = await fetch(`${this.url}/v1/uploads`, { method: 'POST', headers, body: bytes });
    if (answer.headers.get('picup-duplicate') !== 'false') throw new Error(`${file}: ${answer.status} ${await answer.text()}`);
  }

  /** Every photo the family has. */
  async photos() {
    const all = [];
    let cursor = null;
    do {
      const page = await this.ask('GET', `/v1/families/${this.family}/photos?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      all.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return all;
  }

  /** As a child does from far away. */
  async command(kind) {
    const [frame] = (await this.ask('GET', `/v1/families/${this.family}/frames`)).items;
    await this.ask('POST', `/v1/families/${this.family}/frames/${frame.id}/commands`, { action: { kind } });
  }
}

/** The frame's window, started as in the living room: nothing looks into it. */
export class Kiosk {
  renewals = 0;

  constructor(home, panel, flags = []) {
    this.child = spawn(kioskProgram, [...home.kioskFlags, ...flags], { env: panel.environment, stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr.pipe(log('kiosk-bench.log'));
    this.child.stderr.on('data', (text) => (this.renewals += text.toString().split('the page gets a fresh process').length - 1));
  }

  get pid() {
    return this.child.pid;
  }

  async stop() {
    const all = await descendants(this.pid);
    this.child.kill('SIGTERM');
    await ended(this.child);
    await eventually('the end of its processes', 20_000, async () => (await stillRunning(all)) === 0);
  }
}

async function stillRunning(processes) {
  const stats = await Promise.all(processes.map(({ pid }) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ')));
  return stats.filter((stat) => !/ Z /.test(stat)).length;
}
