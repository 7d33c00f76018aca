// How long something lasted, and why: a look that finds it begins a spell, the next look that does not ends it.
//
// Pure: the time is an argument. A spell is as long as it was seen, up to the look that saw it gone.

export class Spells {
  #open = null;
  all = [];

  /** `allowed(from)` is until when it is no fault; `why` is asked once, when a spell begins. */
  constructor(name, allowed) {
    this.name = name;
    this.allowed = allowed;
  }

  /** True at the look at which it becomes a fault. */
  look(at, present, why) {
    if (present && !this.#open) {
      this.#open = { from: at, ...why() };
      this.all.push(this.#open);
    }
    if (!this.#open) return false;
    const spell = this.#open;
    if (!present) this.#open = null;
    spell.until = at;
    if (spell.fault || at <= this.allowed(spell.from)) return false;
    spell.fault = true;
    return true;
  }

  /** Nobody looked for a while: what was there before is not said to have lasted. */
  interrupt() {
    this.#open = null;
  }

  get milliseconds() {
    return this.all.reduce((sum, { from, until }) => sum + until - from, 0);
  }

  get longest() {
    return Math.max(0, ...this.all.map(({ from, until }) => until - from));
  }

  get faults() {
    return this.all.filter(({ fault }) => fault);
  }
}
