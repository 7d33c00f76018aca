// How large a millimetre is on this panel, so that a button is as large as a thumb.
//
// Pure. Browsers do not know the size of a screen and call every panel 96 pixels per inch.

/** A frame is taken for a 10.1-inch panel, the smallest sold: on a larger one everything is larger than it must be. */
const DIAGONAL_MM = 10.1 * 25.4;
const CSS_PIXELS_PER_MM = 96 / 25.4;

/** Millimetres, as a panel tells of itself. */
export interface RealSize {
  width: number;
  height: number;
}

/** CSS pixels per millimetre; `real` where someone knows it. */
export function pixelsPerMillimetre(width: number, height: number, real?: RealSize): number {
  return Math.max(CSS_PIXELS_PER_MM, Math.hypot(width, height) / diagonal(real));
}

/** Panels that do not know their size say 0, or a size smaller than a hand; both are not believed. */
function diagonal(real: RealSize | undefined): number {
  const told = real ? Math.hypot(real.width, real.height) : 0;
  return told > 100 ? told : DIAGONAL_MM;
}
