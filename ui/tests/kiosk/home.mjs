// A home on this machine: the real server, a real owner, a frame's data and its inbox, all gone afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ended } from './panel.mjs';

const built = join(process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/picup/target'), 'debug');
const fixtures = fileURLToPath(new URL('../../../crates/testkit/fixtures/', import.meta.url));
export const kept = fileURLToPath(new URL('../../test-results/kiosk/', import.meta.url));

export const serverProgram = process.env.PICUP_SERVER_BIN ?? join(built, 'picup-server');
export const kioskProgram = process.env.PICUP_KIOSK_BIN ?? join(built, 'picup-kiosk');

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Asks until the answer pleases; says what it waited for when it never does. */
export async function eventually(what, within, ask) {
  const until = Date.now() + within;
  let last;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await pause(150);
  }
  throw new Error(`${what}: not within ${within / 1000} s (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}

/** Below those the kernel gives away by itself: nobody gets it before, or while, its owner is down. */
export async function freePort() {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const socket = createServer().listen(port, '127.0.0.1');
  const isFree = await once(socket, 'listening').then(() => true, () => false);
  if (!isFree) return freePort();
  socket.close();
  await once(socket, 'close');
  return port;
}

export function log(name) {
  mkdirSync(kept, { recursive: true });
  return createWriteStream(join(kept, name));
}

export class Home {
  static async build() {
    const home = new Home();
    home.place = await mkdtemp(join(tmpdir(), 'picup-window-'));
    home.inbox = join(home.place, 'inbox');
    mkdirSync(home.inbox);
    home.bridge = `127.0.0.1:${await freePort()}`;
    await home.startServer();
    await home.signUp();
    return home;
  }

  async startServer() {
    const args = ['serve', '--data-dir', join(this.place, 'server'), '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
    this.server = spawn(serverProgram, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.server.stderr.pipe(log('server.log'));
    const [line] = await once(createInterface(this.server.stdout), 'line');
    this.url = `http://${JSON.parse(line).listen}`;
  }

  /** As when the power of the server's room fails. */
  async killServer() {
    this.server.kill('SIGKILL');
    await ended(this.server);
  }

  async signUp() {
    const owner = {
      email: 'daughter@example.org',
      password: 'a long enough sentence 7',
      display_name: 'Minji',
      family_name: 'Home',
      locale: 'ko',
      client: 'app',
    };
    const { access_token } = await this.ask('POST', '/v1/auth/signup', owner);
    this.token = access_token;
    const me = await this.ask('GET', '/v1/me');
    this.family = me.families[0].id;
  }

  async ask(method, path, body) {
    const headers = { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) };
    const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** Asks the frame's engine, past its window. */
  async engine(command, fields = {}) {
    const answer = await fetch(`http://${this.bridge}/api/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    if (!answer.ok) throw new Error(`${command}: ${answer.status}`);
    return answer.json();
  }

  async pairFrame() {
    const { pairing } = await eventually('a pairing code', 15_000, async () => {
      const status = await this.engine('status');
      return status.pairing && status;
    });
    return this.ask('POST', `/v1/families/${this.family}/frames`, { user_code: pairing.user_code, name: 'Living room' });
  }

  /** Changes some of what the children chose for the only frame. */
  async setFrame(changed) {
    const [frame] = (await this.ask('GET', `/v1/families/${this.family}/frames`)).items;
    return this.ask('PATCH', `/v1/families/${this.family}/frames/${frame.id}`, { settings: { ...frame.settings, ...changed } });
  }

  async drop(fixture, name = fixture) {
    await copyFile(join(fixtures, fixture), join(this.inbox, name));
  }

  get kioskFlags() {
    return ['--data-dir', join(this.place, 'frame'), '--server', this.url, '--inbox', this.inbox, '--bridge', this.bridge];
  }

  async leave() {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      this.server.kill('SIGTERM');
      await ended(this.server);
    }
    await rm(this.place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The processes below `pid`, with their names. */
export async function descendants(pid) {
  const all = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { pid: Number(name), name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), state: fields[0], parent: Number(fields[1]) };
    }),
  );
  const below = (parent) => all.filter((one) => one.parent === parent && one.state !== 'Z').flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** The process that holds the page. */
export async function webProcess(pid) {
  return (await descendants(pid)).find(({ name }) => name.startsWith('WebKitWebProc'))?.pid;
}
