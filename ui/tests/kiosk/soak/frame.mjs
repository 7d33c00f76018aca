// The frame as its service unit runs it: the window is started again whenever it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { descendants, kioskProgram, log, pause, webProcess } from '../home.mjs';
import { ended } from '../panel.mjs';

/** A program that cannot start at all is not started again and again without a breath. */
const BREATH = 1_000;

export class SupervisedFrame {
  #flags;
  #environment;
  #child;
  #stopping = false;
  #killed = false;
  #running;
  #output = log('soak-kiosk.log');
  #pids = [];
  /** Ends nobody asked for, in words. */
  unasked = [];

  constructor(flags, environment) {
    this.#flags = flags;
    this.#environment = environment;
  }

  start() {
    this.#running = this.#superviseUntilStopped();
  }

  async #superviseUntilStopped() {
    while (!this.#stopping) {
      const started = Date.now();
      this.#killed = false;
      this.#child = spawn(kioskProgram, this.#flags, { env: this.#environment, stdio: ['ignore', 'ignore', 'pipe'] });
      this.#child.stderr.pipe(this.#output, { end: false });
      this.#pids.push(this.#child.pid);
      await once(this.#child, 'exit');
      const ran = Date.now() - started;
      if (!this.#killed && !this.#stopping) this.unasked.push(`${this.#child.exitCode ?? this.#child.signalCode} after ${Math.round(ran / 1000)} s`);
      if (ran < BREATH) await pause(BREATH);
    }
  }

  killApp() {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  /** False when there is none at this moment. */
  async killPage() {
    const pid = await webProcess(this.#child.pid);
    if (pid) process.kill(pid, 'SIGKILL');
    return pid !== undefined;
  }

  /** PSS of each process, MiB. */
  async memory() {
    const all = [{ pid: this.#child.pid, name: 'picup-kiosk' }, ...(await descendants(this.#child.pid))];
    const sizes = await Promise.all(all.map(async ({ pid, name }) => ({ name, mib: await pss(pid) })));
    const page = sizes.find(({ name }) => name.startsWith('WebKitWebProc'))?.mib ?? 0;
    return { all: sizes.reduce((sum, { mib }) => sum + mib, 0), page, complete: page > 0 };
  }

  async stop() {
    this.#stopping = true;
    const below = this.#child ? await descendants(this.#child.pid) : [];
    this.#child?.kill('SIGTERM');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), 15_000);
    if (this.#child) await ended(this.#child);
    clearTimeout(late);
    await this.#running;
    await Promise.all(below.map(({ pid }) => gone(pid)));
    // What libfaketime keeps for a process that was killed.
    for (const pid of this.#pids) {
      for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) await rm(join('/dev/shm', name), { force: true });
    }
  }
}

async function pss(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}

/** A page outlives its window by a moment, and its data directory is still in use meanwhile. */
async function gone(pid) {
  for (let look = 0; look < 50; look++) {
    if ((await readFile(`/proc/${pid}/stat`).catch(() => null)) === null) return;
    await pause(100);
  }
}
