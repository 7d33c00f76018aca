// The names of one photo while a child changes them.
//
// What is shown is ahead of the server. Changes are sent one after the other, so that the newest is the last one there;
// when it is refused, the screen goes back to what the server has.

export class Naming {
  #shown: readonly string[];
  #kept: readonly string[];
  #sending: Promise<void> = Promise.resolve();

  constructor(
    people: readonly string[],
    /** True when the server has them. */
    private readonly send: (people: readonly string[]) => Promise<boolean>,
    private readonly show: (people: readonly string[]) => void,
  ) {
    this.#shown = this.#kept = people;
  }

  /** Resolves when the server has answered. */
  change(people: readonly string[]): Promise<void> {
    this.#put(people);
    this.#sending = this.#sending.then(() => this.#settle(people));
    return this.#sending;
  }

  async #settle(people: readonly string[]): Promise<void> {
    if (await this.send(people)) this.#kept = people;
    else if (this.#shown === people) this.#put(this.#kept);
  }

  #put(people: readonly string[]): void {
    this.#shown = people;
    this.show(people);
  }
}
