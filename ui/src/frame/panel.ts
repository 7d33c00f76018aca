// How large a millimetre is on this panel, so that a button is as large as a thumb.
//
// Pure. Browsers do not know the size of a screen and call every panel 96 pixels per inch.

/** A frame is taken for a 10.1-inch panel, the smallest sold: on a larger one everything is larger than it must be. */
const DIAGONAL_MM = 10.1 * 25.4;
const CSS_PIXELS_PER_MM = 96 / 25.4;

/** CSS pixels per millimetre. */
export function pixelsPerMillimetre(width: number, height: number): number {
  return Math.max(CSS_PIXELS_PER_MM, Math.hypot(width, height) / DIAGONAL_MM);
}
