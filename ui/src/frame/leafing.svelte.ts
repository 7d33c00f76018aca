// The leaf in the air: raised to an angle, and let go to swing the rest of the way by itself.
//
// Rule: what swings is moved by the compositor, by its transform alone.
import { tick } from 'svelte';
import type { Face, Leaf } from './spreads';
import { angleOf, settleMs, type Gone } from './turn';

export class Leafing {
  leaf = $state.raw<Leaf | null>(null);
  /** Degrees: 0 on the right. */
  angle = $state(0);
  /** The faces of the leaf in the air. */
  readonly faces = new Map<Face, HTMLElement>();

  readonly #turned: (to: number) => void;
  #swings: Animation[] = [];
  #settled: Promise<void> = Promise.resolve();

  constructor(turned: (to: number) => void) {
    this.#turned = turned;
  }

  lift(leaf: Leaf, angle: number): void {
    this.leaf = leaf;
    this.angle = angle;
  }

  /** It goes over, or falls back to where it came from. */
  letGo(over: boolean, gone: Gone): Promise<void> {
    const leaf = this.leaf;
    if (!leaf) return Promise.resolve();
    const toTheLeft = leaf.to > leaf.from === over;
    this.#settled = this.#swing(toTheLeft ? angleOf(gone) : 0).then(() => {
      if (over) this.#turned(leaf.to);
      this.leaf = null;
    });
    return this.#settled;
  }

  /** What swings is there at once. */
  hurry(): Promise<void> {
    for (const swing of this.#swings) swing.finish();
    return this.#settled;
  }

  async #swing(to: number): Promise<void> {
    await tick();
    const from = this.angle;
    const timing = { duration: settleMs(from, to), easing: 'cubic-bezier(0.45, 0.05, 0.35, 1)', fill: 'forwards' } as const;
    this.#swings = (['front', 'reverse'] as const).flatMap((face) => {
      const page = this.faces.get(face);
      return page ? [page.animate([transformOf(face, from), transformOf(face, to)].map((transform) => ({ transform })), timing)] : [];
    });
    await Promise.allSettled(this.#swings.map(({ finished }) => finished));
    this.#swings = [];
  }
}

/** How a face of a leaf is turned that is raised to `angle`. */
export function transformOf(face: Face, angle: number): string {
  return `rotateY(${(face === 'front' ? -angle : 180 - angle).toFixed(2)}deg)`;
}
