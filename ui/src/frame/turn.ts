// How a leaf follows a finger, and whether it goes over or falls back when it is let go.
//
// Pure. Lengths are page widths from the hinge, to the right; milliseconds. The free edge of a leaf is at 1 where it lies on
// the right, and at `gone` where it has been turned: at -1, on the left page, or at 0, where a panel shows one page only.

export type Direction = 1 | -1;
export type Gone = -1 | 0;
export interface Sample {
  x: number;
  at: number;
}

/** A finger that has moved this far, in millimetres, is not tapping any more. */
export const TAP_MM = 4;
/** A leaf that has been turned this far goes over by itself. */
const FAR_ENOUGH = 0.35;
/** Page widths per second of a flick, which decides alone. */
const FLICK = 0.8;
/** A finger that rests this long before it is lifted does not flick. */
const RESTING_MS = 90;
/** A leaf taken near its hinge would fly; it is turned no faster than if it were taken here. */
const NEAREST = 0.5;

/** What a finger means that has moved by so many millimetres; null while it may still be a tap. */
export function meaningOf(dx: number, dy: number): 'turn' | 'other' | null {
  if (Math.hypot(dx, dy) < TAP_MM) return null;
  return Math.abs(dx) > Math.abs(dy) * 1.2 ? 'turn' : 'other';
}

/** Where the edge of the leaf is under a finger that took it at `began`. Dragging to the left (`1`) turns forward. */
export function edgeUnder(began: number, now: number, direction: Direction, gone: Gone): number {
  const start = direction === 1 ? 1 : gone;
  const arm = direction === 1 ? began : gone === -1 ? -began : 1 - began;
  return clamp(start + (now - began) / Math.max(arm, NEAREST), gone, 1);
}

/** Degrees the leaf is raised, so that its edge is there: 0 on the right, 180 on the left. */
export function angleOf(edge: number): number {
  return (Math.acos(clamp(edge, -1, 1)) * 180) / Math.PI;
}

/** Whether a leaf let go turns over. `speed` is in page widths per second, to the right positive. */
export function goesOver(edge: number, speed: number, direction: Direction, gone: Gone): boolean {
  if (Math.abs(speed) >= FLICK) return Math.sign(speed) === -direction;
  const turned = (1 - edge) / (1 - gone);
  return (direction === 1 ? turned : 1 - turned) >= FAR_ENOUGH;
}

/** Page widths per second in the last moment before `now`. */
export function speedOf(samples: readonly Sample[], now: number): number {
  const recent = samples.filter(({ at }) => now - at <= RESTING_MS);
  const [first, last] = [recent[0], recent.at(-1)];
  return first && last && last.at > first.at ? ((last.x - first.x) / (last.at - first.at)) * 1000 : 0;
}

/** Milliseconds for the rest of the way; a whole turn takes 760. */
export function settleMs(from: number, to: number): number {
  return 180 + (Math.abs(to - from) / 180) * 580;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
