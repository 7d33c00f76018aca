// The mat around a photo: the photo's own quiet colour, moved as little as it must be for its caption to be read.
//
// Pure. Between the darkest and the lightest ink lies a band of colours on which neither reaches 7:1; a mat of that
// band is lightened or darkened out of it, whichever is nearer.
import { AAA, contrast, GRAPHIC, mix, parseHex, toHex, type Rgb } from '$lib/contrast';

export type InkName = 'dark' | 'light';

/** A pen's colours: words, and the heart beside them. */
export interface Ink {
  words: Rgb;
  heart: Rgb;
}

export interface Mat {
  /** `#rrggbb` */
  colour: string;
  ink: InkName;
}

const STEPS = 100;
const TOWARDS: Record<InkName, Rgb> = { dark: [255, 255, 255], light: [0, 0, 0] };

/** `wanted` as the engine names it; `paper` where it names none. */
export function matFor(wanted: string, paper: Rgb, inks: Record<InkName, Ink>): Mat {
  const colour = parseHex(wanted) ?? paper;
  const dark = stepsUntilRead(colour, 'dark', inks.dark);
  const light = stepsUntilRead(colour, 'light', inks.light);
  const ink = dark <= light ? 'dark' : 'light';
  return { colour: toHex(moved(colour, ink, Math.min(dark, light))), ink };
}

function stepsUntilRead(colour: Rgb, name: InkName, ink: Ink): number {
  let step = 0;
  while (step < STEPS && !isRead(ink, moved(colour, name, step))) step++;
  return step;
}

function moved(colour: Rgb, name: InkName, step: number): Rgb {
  // Rounded as it will be painted, so that what was measured is what is seen.
  return parseHex(toHex(mix(colour, TOWARDS[name], step / STEPS))) ?? colour;
}

function isRead(ink: Ink, ground: Rgb): boolean {
  return contrast(ink.words, ground) >= AAA && contrast(ink.heart, ground) >= GRAPHIC;
}
