// Follows one finger that turns a leaf. A finger that has begun to drag taps nothing any more.
import { meaningOf, speedOf, type Direction, type Sample } from './turn';

export interface Swipes {
  /** Pixels. */
  millimetre: () => number;
  /** Takes a leaf at `x`; false when there is none to take, null while another one is still in the air. */
  take: (direction: Direction, x: number) => boolean | null;
  follow: (x: number) => void;
  /** `speed` in pixels per second to the right; null when the finger was taken away by something else. */
  letGo: (speed: number | null) => void;
}

type Stage = 'touched' | 'dragging' | 'done';

export class Swiping {
  readonly #swipes: Swipes;
  #pointer: number | null = null;
  #stage: Stage = 'done';
  #begun = { x: 0, y: 0 };
  #samples: Sample[] = [];
  #moved = false;

  constructor(swipes: Swipes) {
    this.#swipes = swipes;
  }

  down(event: PointerEvent): void {
    this.#moved = false;
    if (!event.isPrimary || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.#stage = 'touched';
    this.#begun = { x: event.clientX, y: event.clientY };
    this.#samples = [];
  }

  move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    if (this.#stage === 'touched') this.#judge(event);
    if (this.#stage !== 'dragging') return;
    this.#samples = [...this.#samples.slice(-20), { x: event.clientX, at: event.timeStamp }];
    this.#swipes.follow(event.clientX);
  }

  up(event: PointerEvent): void {
    this.#end(event, () => speedOf(this.#samples, event.timeStamp));
  }

  cancel(event: PointerEvent): void {
    this.#end(event, () => null);
  }

  /** The click of a mouse at the end of a drag. */
  click(event: MouseEvent): void {
    if (!this.#moved) return;
    event.stopPropagation();
    event.preventDefault();
    this.#moved = false;
  }

  #judge(event: PointerEvent): void {
    const mm = this.#swipes.millimetre();
    const [dx, dy] = [event.clientX - this.#begun.x, event.clientY - this.#begun.y];
    const meaning = meaningOf(dx / mm, dy / mm);
    if (!meaning) return;
    this.#moved = true;
    const taken = meaning === 'turn' && this.#swipes.take(dx < 0 ? 1 : -1, this.#begun.x);
    if (taken === null) return;
    this.#stage = taken ? 'dragging' : 'done';
    if (taken && event.currentTarget instanceof Element && event.isTrusted) event.currentTarget.setPointerCapture(event.pointerId);
  }

  #end(event: PointerEvent, speed: () => number | null): void {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    if (this.#stage === 'dragging') this.#swipes.letGo(speed());
    this.#stage = 'done';
  }
}
