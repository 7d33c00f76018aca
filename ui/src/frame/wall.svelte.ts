// What changes by itself: the minute on the clock, and where things drift to.
//
// Both are told by the pulse, so there is no second timer; a value that is the same repaints nothing.
import { driftAt, type Shift } from './drift';

const MINUTE_MS = 60_000;
/** How often things are moved; far less often than one could see. */
const STEP_MS = 20_000;

export class Wall {
  /** The start of the minute, milliseconds since 1970. */
  minute = $state(0);
  shift = $state.raw<Shift>({ x: 0, y: 0 });
  #step = -1;

  /** `now` by the wall clock, which jumps; `monotonic`, which does not. Milliseconds. */
  tick(now: number, monotonic: number): void {
    this.minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const step = Math.floor(monotonic / STEP_MS);
    if (step === this.#step) return;
    this.#step = step;
    this.shift = driftAt(step * STEP_MS);
  }
}
