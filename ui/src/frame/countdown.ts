// A timer that can be begun again before it ends.

export class Countdown {
  readonly #milliseconds: number;
  readonly #ended: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number, ended: () => void) {
    this.#milliseconds = milliseconds;
    this.#ended = ended;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ended();
    }, this.#milliseconds);
  }

  /** Begins only when it is not running already. */
  startOnce(): void {
    if (this.#timer === undefined) this.start();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
