// Whether the screen is dark.
//
// Rule: a touch wakes it at once, before the engine has answered; an engine that still calls it night after
// `AWAKE_MS` has its way again.
import { Countdown } from './countdown';

export const AWAKE_MS = 30_000;

export class Night {
  #told = $state(false);
  #woken = $state(false);
  readonly #tires = new Countdown(AWAKE_MS, () => (this.#woken = false));

  get asleep(): boolean {
    return this.#told && !this.#woken;
  }

  /** What the engine says. */
  took(asleep: boolean): void {
    this.#told = asleep;
    if (asleep) return;
    this.#woken = false;
    this.#tires.stop();
  }

  wake(): void {
    this.#woken = true;
    this.#tires.start();
  }
}

/** How much black lies over the picture, 0 to 1, for so many percent of light. */
export function darkness(brightness: number): number {
  const percent = Number.isFinite(brightness) ? Math.min(100, Math.max(10, brightness)) : 100;
  return ((100 - percent) / 100) * 0.9;
}
