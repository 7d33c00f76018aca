// What has to go when the bench ends, in whatever way: the last that came goes first.

export class Cleanup {
  #left = [];

  constructor() {
    const end = () => void this.all().finally(() => process.exit(1));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
    process.once('uncaughtException', (error) => (console.error(error), end()));
  }

  /** Takes an act for the end; the answer does it now instead. */
  add(act) {
    const once = async () => {
      this.#left = this.#left.filter((other) => other !== once);
      await act();
    };
    this.#left.push(once);
    return once;
  }

  async all() {
    while (this.#left.length > 0) {
      await this.#left.at(-1)().catch((error) => console.error(`cleaning up: ${error.message}`));
    }
  }
}
