// A week in a few minutes: the frame's clock, which libfaketime reads from a file, and which can be set wrong.
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../home.mjs';

export const ZONE = 'Europe/Berlin';
const DAY = 86_400_000;
export const HOUR = 3_600_000;
const WEEK = 7 * DAY;
const WRITTEN = 500;
const LONGEST_STEP = 2_000;
/**
 * The frame looks at its nights at the turn of each minute. Its clock says the 57th second whenever it is set, so that it looks
 * again within three real seconds, which is often enough for a night of some seconds.
 */
const SECOND = 57_000;
const MINUTE = 60_000;
const SAID = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' };

/** Both end at 01:00 of universal time on the last Sunday of their month. */
function lastSunday(year, month) {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return Date.UTC(year, month, last.getUTCDate() - last.getUTCDay());
}

/** The changes of the clocks in the last autumn that is a week ago, and in the spring before it. */
function changes(now) {
  const year = new Date(now).getUTCFullYear();
  const past = [year, year - 1].find((one) => lastSunday(one, 9) + WEEK < now);
  return { autumn: lastSunday(past, 9) + HOUR, spring: lastSunday(past, 2) + HOUR };
}

export class WeekClock {
  #file;
  #speed;
  #timer;
  /** Milliseconds of the week so far; null before it began. */
  #lived = null;
  #written = Date.now();
  #off = 0;
  changes = changes(Date.now());
  /** Begins two days before winter time does, at noon. */
  #first = this.changes.autumn - 39 * HOUR;

  constructor(directory, minutes) {
    this.#file = join(directory, 'clock');
    this.#speed = WEEK / (minutes * 60_000);
    this.#write();
    this.#timer = setInterval(() => this.#write(), WRITTEN);
  }

  /** Until then it is the first noon. */
  start() {
    this.#lived = 0;
    this.#write();
  }

  stop() {
    clearInterval(this.#timer);
  }

  get environment() {
    return {
      TZ: ZONE,
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Files keep the time they were changed at, or none would ever settle.
      NO_FAKE_STAT: '1',
    };
  }

  /** Real milliseconds of the week so far. Where the machine stopped us the week stood still. */
  get lived() {
    return this.#lived === null ? 0 : this.#lived + Math.min(Date.now() - this.#written, LONGEST_STEP);
  }

  /** Until so many milliseconds of the week have been lived. */
  async reaches(lived) {
    while (this.lived < lived) await pause(Math.min(WRITTEN, lived - this.lived));
  }

  /** What the week's clock would say if nobody had set it wrong. */
  get right() {
    return this.#first + this.lived * this.#speed;
  }

  /** What the frame's clock says. */
  get now() {
    return this.right + this.#off;
  }

  /** Real milliseconds. */
  lasting(simulated) {
    return simulated / this.#speed;
  }

  setTo(time) {
    this.#off = time - this.right;
    this.#write();
  }

  setRight() {
    this.#off = 0;
    this.#write();
  }

  get words() {
    const day = 1 + Math.floor((this.right - this.#first) / DAY);
    return `day ${day}, ${inZone(this.now, SAID)}`;
  }

  #write() {
    if (this.#lived !== null) this.#lived = this.lived;
    this.#written = Date.now();
    const says = Math.floor(this.now / MINUTE) * MINUTE + SECOND;
    const offset = (says - Date.now()) / 1000;
    writeFileSync(`${this.#file}.new`, `${offset < 0 ? '' : '+'}${offset.toFixed(3)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

export function inZone(time, parts) {
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hourCycle: 'h23', ...parts }).format(time);
}

/** Where Debian has it depends on the machine's kind. */
function library() {
  for (const folder of readdirSync('/usr/lib')) {
    const files = join('/usr/lib', folder, 'faketime');
    try {
      if (readdirSync(files).includes('libfaketime.so.1')) return join(files, 'libfaketime.so.1');
    } catch {
      continue;
    }
  }
  throw new Error('libfaketime is not installed');
}
