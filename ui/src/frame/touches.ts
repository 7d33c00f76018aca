// Which touches are fingers that mean something: not a palm, not a hand laid flat on the panel.
//
// Pure. Rule: once a gesture is refused, all its touches are, until the last of them is lifted.

/** Millimetres across of what is taken for a palm; a thumb pressed flat is below 25. */
export const PALM_MM = 30;
export const MOST_FINGERS = 2;

export class Touches {
  readonly #down = new Set<number>();
  #refused = false;

  /**
   * Whether the touch may pass. `across` is the longer side of what touches, in millimetres; before the first finger of a
   * gesture there is none on the panel, whatever was not heard of earlier ones.
   */
  down(id: number, across: number, isFirst: boolean): boolean {
    if (isFirst) this.#down.clear();
    if (this.#down.size === 0) this.#refused = false;
    this.#down.add(id);
    if (across >= PALM_MM || this.#down.size > MOST_FINGERS) this.#refused = true;
    return !this.#refused;
  }

  up(id: number): void {
    this.#down.delete(id);
  }

  /** Also what follows the last touch of a refused gesture, such as its click, until the next one begins. */
  get refused(): boolean {
    return this.#refused;
  }
}
