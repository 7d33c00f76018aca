// Numbers that look random and are the same in every run of a seed. Each event has dice of its own, so that the order in
// which events end changes nothing of the others.

/** Mulberry32, by Tommy Ettinger. */
export class Dice {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 to 1, without 1. */
  roll() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(least, most) {
    return least + this.roll() * (most - least);
  }

  whole(least, most) {
    return Math.floor(this.between(least, most + 1));
  }

  one(things) {
    return things[Math.floor(this.roll() * things.length)];
  }

  shuffled(things) {
    const left = [...things];
    return things.map(() => left.splice(Math.floor(this.roll() * left.length), 1)[0]);
  }

  another() {
    return new Dice(Math.floor(this.roll() * 4_294_967_296));
  }
}
