// How large a millimetre is on this panel, so that a button is as large as a thumb.
//
// Pure. Browsers do not know the size of a screen and call every panel 96 pixels per inch.

/** A panel that does not tell is taken for one of 10.1 inches, the smallest that is common. */
const DIAGONAL_MM = 10.1 * 25.4;
const CSS_PIXELS_PER_MM = 96 / 25.4;

/** Millimetres, as a panel tells of itself. */
export interface RealSize {
  width: number;
  height: number;
}

declare global {
  interface Window {
    /** Put there by the kiosk before the page loads. */
    readonly picupPanel?: RealSize;
  }
}

/**
 * CSS pixels per millimetre; `real` where someone knows it. A larger panel hangs farther away: there everything grows with
 * it, so what is called a millimetre is never less than one.
 */
export function pixelsPerMillimetre(width: number, height: number, real?: RealSize): number {
  return Math.max(CSS_PIXELS_PER_MM, Math.hypot(width, height) / diagonal(real));
}

/** Panels that do not know their size say 0, or a size smaller than a hand; both are not believed. */
function diagonal(real: RealSize | undefined): number {
  const told = real ? Math.hypot(real.width, real.height) : 0;
  return told > 100 ? Math.min(told, DIAGONAL_MM) : DIAGONAL_MM;
}
