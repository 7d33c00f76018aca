// Where things that stand still for months are moved to, so that they do not burn into the panel.
//
// Pure: monotonic time is an argument. The path is a slow figure that does not close for over an hour, within one
// millimetre of where things belong.

/** Milliseconds for one swing across, and one up and down. */
const ACROSS_MS = 11 * 60_000;
const DOWN_MS = 7 * 60_000;
/** Millimetres; at most 0.7 across and 0.7 down is at most one from the middle. */
const REACH_MM = 0.7;

export interface Shift {
  /** Millimetres to the right and down. */
  x: number;
  y: number;
}

export function driftAt(milliseconds: number): Shift {
  return {
    x: REACH_MM * Math.sin((2 * Math.PI * milliseconds) / ACROSS_MS),
    y: REACH_MM * Math.sin((2 * Math.PI * milliseconds) / DOWN_MS),
  };
}

/** A CSS `translate` in whole pixels of the panel: letters stay sharp, and it changes only when something is to move. */
export function driftStyle(shift: Shift, pixelsPerMm: number, density: number): string {
  const pixels = (mm: number) => Math.round(mm * pixelsPerMm * density) / density;
  return `${pixels(shift.x)}px ${pixels(shift.y)}px`;
}
