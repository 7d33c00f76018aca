// The home of the soak: a family whose child is patient, a line that can be cut, a disk that can be filled.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Home, eventually, freePort, log, pause, serverProgram } from '../home.mjs';
import { ended } from '../panel.mjs';
import { Line } from './line.mjs';
import { Photos } from './photos.mjs';

const run = promisify(execFile);
const DISK_MIB = 160;
const MEMORY_MIB = 16;
/** What the frame leaves free of its small disk. */
const RESERVE_MIB = 8;
/** How long a child tries again what did not work. */
const PATIENCE = 90_000;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
export const NIGHT = { from: 23, until: 6 };
const isGone = ({ message }) => message.includes(': 404 ');
const padded = (hour) => `${String(hour).padStart(2, '0')}:00`;

export const SETTINGS = {
  locale: 'en',
  seconds_per_photo: 5,
  pairs: false,
  nights: WEEKDAYS.map((day) => ({ day, from: padded(NIGHT.from), until: padded(NIGHT.until) })),
};

export class SoakHome extends Home {
  #serverLog = log('soak-server.log');
  #taken = [];
  #mounted = [];
  inFamily = false;
  diskFull = false;
  serverAway = false;

  static async build() {
    const home = new SoakHome();
    home.place = await mkdtemp(join(tmpdir(), 'picup-soak-'));
    for (const folder of ['inbox', 'frame', 'photos', 'memory']) mkdirSync(join(home.place, folder));
    home.inbox = join(home.place, 'inbox');
    home.photos = new Photos(join(home.place, 'photos'));
    home.bridge = `127.0.0.1:${await freePort()}`;
    return home;
  }

  /** The frame's small disk, and what a disk that is busy with anything else must not hold up: the panel and the clock. */
  async mount() {
    await this.#mountAt(this.#disk, DISK_MIB);
    await this.#mountAt(this.memory, MEMORY_MIB);
  }

  get memory() {
    return join(this.place, 'memory');
  }

  async furnish() {
    this.line = await Line.lay(() => new URL(this.url).port);
    await this.startServer();
    await this.signUp();
    this.album = await this.child('POST', `/v1/families/${this.family}/albums`, { title: 'Jeju 1987' });
  }

  async startServer() {
    const args = ['serve', '--data-dir', join(this.place, 'server'), '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
    this.server = spawn(serverProgram, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.server.stderr.pipe(this.#serverLog, { end: false });
    const [line] = await once(createInterface(this.server.stdout), 'line');
    this.url = `http://${JSON.parse(line).listen}`;
  }

  async stopServer() {
    this.server.kill('SIGTERM');
    await ended(this.server);
  }

  get kioskFlags() {
    const own = ['--data-dir', this.#disk, '--server', this.line.url, '--inbox', this.inbox, '--bridge', this.bridge];
    return [...own, '--settle-seconds', '1', '--touch-seconds', '10', '--reserve-bytes', String(RESERVE_MIB << 20), '--panel', 'none'];
  }

  /** What a child asks the server for; tried again while there is none, and after a sign-in that has run out. */
  async child(method, path, body) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      try {
        return await this.ask(method, path, body);
      } catch (error) {
        const status = Number(/: (\d{3}) /.exec(error.message)?.[1] ?? 0);
        if (status === 401) await this.#signIn().catch(() => undefined);
        else if (status >= 400 && status < 500 && status !== 429) throw error;
        if (Date.now() > until) throw error;
        await pause(500);
      }
    }
  }

  async #signIn() {
    this.token = undefined;
    const member = { email: 'daughter@example.org', password: 'a long enough sentence 7', client: 'app' };
    this.token = (await this.ask('POST', '/v1/auth/signin', member)).access_token;
  }

  async theFrame() {
    return (await this.child('GET', `/v1/families/${this.family}/frames`)).items[0];
  }

  /** Lost where the frame is removed from the family meanwhile. */
  async command(action) {
    const frame = await this.theFrame();
    const path = `/v1/families/${this.family}/frames/${frame?.id}/commands`;
    if (frame) await this.child('POST', path, { action }).catch((error) => isGone(error) || Promise.reject(error));
  }

  /** The frame has answered for every command. */
  async answered(within) {
    const until = Date.now() + within;
    while (Date.now() < until && (await this.theFrame())?.pending_commands.length) await pause(1_000);
  }

  async pair() {
    const code = async () => (await this.engine('status')).pairing?.user_code;
    const approve = async () => {
      const user_code = await code();
      return user_code && this.ask('POST', `/v1/families/${this.family}/frames`, { user_code, name: 'Living room' });
    };
    const frame = await eventually('the frame to be paired', 180_000, approve);
    const path = `/v1/families/${this.family}/frames/${frame.id}`;
    await this.child('PATCH', path, { settings: { ...frame.settings, ...SETTINGS } });
    this.inFamily = true;
  }

  /** Whole at once, as a stick's file is for the frame once it has settled. */
  async dropInbox(photo) {
    photo.from = 'inbox';
    const name = join(this.inbox, basename(photo.file));
    await copyFile(photo.file, `${name}.part`);
    await rename(`${name}.part`, name);
    this.#taken.push(photo);
  }

  /** A child's upload from far away. */
  async upload(photo) {
    photo.from = 'a child';
    const bytes = await readFile(photo.file);
    const pairs = { filename: basename(photo.file), family: this.family, sha256: photo.sha256, album: this.album.id };
    const metadata = Object.entries(pairs).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
    const until = Date.now() + PATIENCE;
    while (!(await this.#send(bytes, metadata.join(',')).catch(() => false))) {
      if (Date.now() > until) throw new Error('an upload did not work');
      await pause(500);
    }
  }

  async #send(bytes, metadata) {
    const headers = { authorization: `Bearer ${this.token}`, 'tus-resumable': '1.0.0' };
    const begun = { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': metadata };
    const created = await fetch(`${this.url}/v1/uploads`, { method: 'POST', headers: begun });
    if (created.status === 401) await this.#signIn();
    if (!created.ok) return false;
    const piece = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    const sent = await fetch(new URL(created.headers.get('location'), this.url), { method: 'PATCH', headers: piece, body: bytes });
    return sent.ok;
  }

  async everyPhoto(filter = '') {
    const items = [];
    for (let cursor = ''; cursor !== null; ) {
      const page = await this.child('GET', `/v1/families/${this.family}/photos?limit=200${filter}${cursor}`);
      items.push(...page.items);
      cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : null;
    }
    return items;
  }

  /** The server's name for each photo it has by now. */
  async learnIds() {
    const ids = new Map((await this.everyPhoto()).map(({ id, sha256 }) => [sha256, id]));
    for (const photo of this.photos.all) photo.id ??= ids.get(photo.sha256);
  }

  get visible() {
    return this.photos.all.filter(({ id, ban }) => id && !ban);
  }

  /** What was put into the inbox and is not on the server exactly once. */
  async lost() {
    const stored = [...(await this.everyPhoto()), ...(await this.everyPhoto('&state=trashed'))];
    const counted = this.#taken.map(({ file, sha256: digest }) => ({ file, times: stored.filter(({ sha256 }) => sha256 === digest).length }));
    return { taken: counted.length, lost: counted.filter(({ times }) => times !== 1).map(({ file, times }) => `${basename(file)}: ${times} times`) };
  }

  async fillDisk() {
    this.diskFull = true;
    // Ends when there is no room left, which is what it is for.
    await run('dd', ['if=/dev/zero', `of=${join(this.#disk, 'filler')}`, 'bs=64k']).catch(() => undefined);
  }

  async freeDisk() {
    await rm(join(this.#disk, 'filler'), { force: true });
    this.diskFull = false;
  }

  get #disk() {
    return join(this.place, 'frame');
  }

  async #mountAt(folder, mib) {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'picup-soak', folder]).catch((error) => {
      throw new Error(`the frame's disk is a small tmpfs, and mounting is not allowed here: ${error.stderr?.trim() ?? error.message}`);
    });
    this.#mounted.push(folder);
  }

  async leave() {
    if (this.server) await this.stopServer();
    await this.line?.takeUp();
    for (const folder of this.#mounted) await eventually('the disk to be let go', 10_000, () => run('umount', [folder]).then(() => true));
    await rm(this.place, { recursive: true, force: true, maxRetries: 5 });
  }
}
