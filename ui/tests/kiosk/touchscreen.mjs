// A panel that is touched with real fingers, as far as X and GTK can tell: Xorg on a dummy card, with the touch screen
// of its own input tests (inputtest(4)). No kernel device is needed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, pause } from './home.mjs';
import { Panel, ended } from './panel.mjs';

const XORG = '/usr/lib/xorg/Xorg';
/** xf86-input-inputtest-protocol.h, version 1.1. */
const CLIENT_VERSION = 0;
const WAIT_FOR_SYNC = 1;
const TOUCH = 6;
const TOUCH_BYTES = 1056;
const AT_MASK = 20;
const AT_VALUATORS = 32;
/** XI2.h. */
const BEGIN = 18;
const UPDATE = 19;
const END = 20;
/** The axes of its touch screen end here. */
const AXIS = 0xffff;

export class TouchPanel extends Panel {
  #xorg;
  #manager;
  #folder;
  #socket;
  #next = 1;

  static async plugIn(width = 1280, height = 800) {
    const folder = await mkdtemp(join(tmpdir(), 'picup-touch-'));
    const socket = join(folder, 'touch');
    await writeFile(join(folder, 'xorg.conf'), configuration(width, height, socket));
    const flags = ['-config', join(folder, 'xorg.conf'), '-logfile', join(folder, 'log'), '-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-novtswitch', '-sharevts'];
    const xorg = spawn(XORG, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const [number] = await once(xorg.stdio[3], 'data');
    const display = `:${number.toString().trim()}`;
    const manager = spawn('openbox', ['--sm-disable'], { env: { ...process.env, DISPLAY: display }, stdio: 'ignore' });
    const panel = new TouchPanel(xorg, manager, display, width, height);
    [panel.#xorg, panel.#manager, panel.#folder] = [xorg, manager, folder];
    panel.#socket = await eventually('the touch screen', 10_000, () => connected(socket));
    await panel.#ask(message(CLIENT_VERSION, 12, (bytes) => bytes.writeUInt16LE(1, 8) && bytes.writeUInt16LE(1, 10)));
    return panel;
  }

  /** Puts a finger down; `move` and `lift` take what this returns. */
  async put(x, y) {
    const finger = { id: this.#next++, x, y };
    await this.#touch(finger, BEGIN);
    return finger;
  }

  async move(finger, x, y) {
    Object.assign(finger, { x, y });
    await this.#touch(finger, UPDATE);
  }

  async lift(finger) {
    await this.#touch(finger, END);
  }

  async tap(x, y, milliseconds = 60) {
    const finger = await this.put(x, y);
    await pause(milliseconds);
    await this.lift(finger);
  }

  /** All fingers at once, each along its own line `[[x, y], [x, y]]`. */
  async drag(lines, steps = 10, milliseconds = 16) {
    const fingers = [];
    for (const [[x, y]] of lines) fingers.push(await this.put(x, y));
    for (let step = 1; step <= steps; step++) {
      await pause(milliseconds);
      for (const [n, [from, to]] of lines.entries()) {
        const at = (axis) => from[axis] + ((to[axis] - from[axis]) * step) / steps;
        await this.move(fingers[n], at(0), at(1));
      }
    }
    for (const finger of fingers) await this.lift(finger);
  }

  async unplug() {
    this.#socket?.destroy();
    this.#manager.kill('SIGTERM');
    this.#xorg.kill('SIGTERM');
    await ended(this.#xorg);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #touch({ id, x, y }, kind) {
    const axis = (at, length) => (Math.min(Math.max(at, 0), length - 1) / (length - 1)) * AXIS;
    this.#socket.write(
      message(TOUCH, TOUCH_BYTES, (bytes) => {
        bytes.writeUInt32LE(id, 8);
        bytes.writeUInt32LE(kind, 12);
        bytes[AT_MASK] = 0b11;
        bytes.writeDoubleLE(axis(x, this.width), AT_VALUATORS);
        bytes.writeDoubleLE(axis(y, this.height), AT_VALUATORS + 8);
      }),
    );
    await this.#ask(message(WAIT_FOR_SYNC, 8, () => undefined));
  }

  async #ask(bytes) {
    const answer = once(this.#socket, 'data');
    this.#socket.write(bytes);
    await answer;
  }
}

function message(kind, length, fill) {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(kind, 4);
  fill(bytes);
  return bytes;
}

async function connected(path) {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}

function configuration(width, height, socket) {
  const section = (name, lines) => `Section "${name}"\n${lines.map((line) => `  ${line}\n`).join('')}EndSection\n`;
  // VESA's generous blanking; nobody looks at the signal.
  const mode = `"panel" 80 ${width} ${width + 80} ${width + 200} ${width + 400} ${height} ${height + 3} ${height + 6} ${height + 31}`;
  return [
    section('ServerFlags', ['Option "AutoAddDevices" "false"', 'Option "DontVTSwitch" "true"']),
    section('Device', ['Identifier "card"', 'Driver "dummy"', 'VideoRam 65536']),
    section('Monitor', ['Identifier "monitor"', 'HorizSync 5.0 - 1000.0', 'VertRefresh 5.0 - 200.0', `Modeline ${mode}`]),
    section('Screen', ['Identifier "screen"', 'Device "card"', 'Monitor "monitor"', 'DefaultDepth 24', 'SubSection "Display"', 'Depth 24', 'Modes "panel"', `Virtual ${width} ${height}`, 'EndSubSection']),
    section('InputDevice', ['Identifier "touch"', 'Driver "inputtest"', `Option "SocketPath" "${socket}"`, 'Option "DeviceType" "Touch"', 'Option "TouchCount" "5"']),
    section('ServerLayout', ['Identifier "layout"', 'Screen "screen"', 'InputDevice "touch"']),
  ].join('');
}
