// Fingers on the glass: real touch events, through the browser's own input.
import type { CDPSession, Page } from '@playwright/test';

export interface Point {
  x: number;
  y: number;
}
interface Contact extends Point {
  id?: number;
  /** CSS pixels. */
  radius?: number;
}

export class Hand {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async over(page: Page): Promise<Hand> {
    return new Hand(await page.context().newCDPSession(page));
  }

  /** All contacts there are now; the first call puts them down, and one that is missing later is lifted. */
  async put(contacts: Contact[]): Promise<void> {
    await this.#send('touchStart', contacts);
  }

  async move(contacts: Contact[]): Promise<void> {
    await this.#send('touchMove', contacts);
  }

  async lift(): Promise<void> {
    await this.#send('touchEnd', []);
  }

  /** As a trembling hand: a tenth of a second apart by the clock of the events, however long the machine takes. */
  async tapTwice(at: Point): Promise<void> {
    const first = Date.now() / 1000;
    for (const time of [first, first + 0.1]) {
      await this.#send('touchStart', [at], { timestamp: time });
      await this.#send('touchEnd', [], { timestamp: time });
    }
  }

  /** One finger, from one point to another, in small steps. */
  async slide(from: Point, to: Point, steps = 12): Promise<void> {
    await this.put([from]);
    for (let step = 1; step <= steps; step++) {
      await this.move([{ x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps }]);
    }
  }

  /** Seconds since 1970; without them, now. */
  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd', contacts: Contact[], when: { timestamp?: number } = {}): Promise<void> {
    const touchPoints = contacts.map(({ x, y, id = 0, radius = 20 }) => ({ x, y, id, radiusX: radius, radiusY: radius }));
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints, ...when });
  }
}
