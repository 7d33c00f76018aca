// The paper of an album's pages, painted once at the size of a page.
//
// Without a GPU a turning leaf is painted anew in every frame: grain made of CSS gradients takes longer than the photos.
import type { Face } from './spreads';

/** Degrees and pixels of the two weaves. */
const WEAVES = [
  { turned: 3, every: 4 },
  { turned: 91, every: 13 },
];

/** Its grain, the light on its outer edge and the dusk of the fold, as the address of a picture; pixels of the panel. */
export function paperOf(face: Face, width: number, height: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return '';
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string) => styles.getPropertyValue(`--album-${name}`).trim();
  context.fillStyle = token('paper');
  context.fillRect(0, 0, width, height);
  for (const weave of WEAVES) paintWeave(context, weave, token('grain'));
  // The front is bound on its left.
  const [edge, fold] = face === 'front' ? [width, 0] : [0, width];
  paintAcross(context, edge, fold, [[0, token('light')], [0.12, clear(context, token('light'))]]);
  paintAcross(context, edge, fold, [[0.82, clear(context, token('dusk'))], [0.97, token('dusk')], [1, token('fold')]]);
  return canvas.toDataURL('image/png');
}

function paintWeave(context: CanvasRenderingContext2D, { turned, every }: (typeof WEAVES)[number], colour: string): void {
  const { width, height } = context.canvas;
  const reach = width + height;
  context.save();
  context.rotate((turned * Math.PI) / 180);
  context.fillStyle = colour;
  for (let at = -reach; at < reach; at += every) context.fillRect(at, -reach, 1, reach * 2);
  context.restore();
}

function paintAcross(context: CanvasRenderingContext2D, from: number, to: number, stops: [number, string][]): void {
  const gradient = context.createLinearGradient(from, 0, to, 0);
  for (const [at, colour] of stops) gradient.addColorStop(at, colour);
  context.fillStyle = gradient;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** `transparent` is black to a canvas, and would be seen on the way. A canvas tells a colour it was given as `rgba(…)`. */
function clear(context: CanvasRenderingContext2D, colour: string): string {
  context.fillStyle = colour;
  return String(context.fillStyle).replace(/[\d.]+\)$/, '0)');
}
