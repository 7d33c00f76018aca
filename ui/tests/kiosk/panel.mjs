// A panel nobody sees: an X server with a window manager, looked at and touched from outside, like a person would.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class Panel {
  #server;
  #manager;

  constructor(server, manager, display, width, height) {
    this.#server = server;
    this.#manager = manager;
    this.display = display;
    this.width = width;
    this.height = height;
  }

  static async plugIn(width = 1280, height = 800) {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = await once(server.stdio[3], 'data');
    const display = `:${number.toString().trim()}`;
    const manager = spawn('openbox', ['--sm-disable'], { env: { ...process.env, DISPLAY: display }, stdio: 'ignore' });
    return new Panel(server, manager, display, width, height);
  }

  get environment() {
    const { WAYLAND_DISPLAY: _, ...rest } = process.env;
    return { ...rest, DISPLAY: this.display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
  }

  /** What is on the panel now, as a PNG file. */
  async photograph(file) {
    await run('import', ['-window', 'root', '-quality', '10', file], { env: this.environment });
    return file;
  }

  /** How many colours are seen, of 64,000 looked at: a photo has thousands, a page of words some hundreds. */
  async colours(file) {
    await this.photograph(file);
    const { stdout } = await run('convert', [file, '-sample', '320x200!', '-format', '%k', 'info:']);
    return Number(stdout);
  }

  /** How different two looks are, 0 to 1. */
  async difference(one, other) {
    const small = ['-resize', '160x100!'];
    const { stderr } = await run('compare', ['-metric', 'RMSE', '(', one, ...small, ')', '(', other, ...small, ')', 'null:']).catch((error) => {
      // compare answers 1 when the two differ.
      if (error.code === 1) return error;
      throw error;
    });
    return Number(/\(([\d.e-]+)\)/.exec(stderr)?.[1]);
  }

  async do(...words) {
    const { stdout } = await run('xdotool', words.map(String), { env: this.environment }).catch((error) => {
      // xdotool answers 1 when a search finds nothing.
      if (error.code === 1) return { stdout: '' };
      throw error;
    });
    return stdout.trim();
  }

  async touch(x, y) {
    await this.do('mousemove', x, y, 'click', 1);
  }

  async unplug() {
    this.#manager.kill('SIGTERM');
    this.#server.kill('SIGTERM');
    await ended(this.#server);
  }
}

export async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
