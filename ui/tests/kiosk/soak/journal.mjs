// What happened when, as a line for each event, and what had happened lately when something was seen.

/** An event is held responsible for so long after it is over. */
const LATELY = 20_000;

export class Journal {
  #clock;
  #began = Date.now();
  #events = [];
  /** Events that could not be carried out, in words. */
  faults = [];

  constructor(clock) {
    this.#clock = clock;
  }

  /** Lets an event happen; one that fails is written down, and the week goes on. */
  async live(kind, week) {
    const event = { name: kind.name, from: Date.now(), until: Infinity };
    this.#events.push(event);
    const tell = (words) => this.say(words ? `${kind.name}: ${words}` : kind.name);
    await kind.happen({ ...week, tell }).catch((error) => this.fault(kind.name, error));
    event.until = Date.now();
  }

  fault(name, error) {
    this.faults.push(`${name}: ${error.message}`);
    this.say(`FAILED: ${name}: ${error.message}`);
  }

  say(words) {
    const time = ((Date.now() - this.#began) / 1000).toFixed(1).padStart(7);
    console.log(`${time} s  ${this.#clock.words}  ${words}`);
  }

  lately(at) {
    const events = this.#events.filter(({ from, until }) => from <= at && until > at - LATELY);
    return events.map(({ name, from }) => `${name} ${((at - from) / 1000).toFixed(1)} s before`).join('; ') || 'nothing lately';
  }
}
