// The two photos of a pair: which of them was touched, and which of them changed.
//
// Pure. A photo alone is the first half, and the whole.
import type { Slide } from '$lib/api/gen/types';

export type Half = 'first' | 'second';

export interface Size {
  width: number;
  height: number;
}

/** They lie side by side on a panel that lies, one above the other on one that stands. */
export function isUpright({ width, height }: Size): boolean {
  return height > width;
}

/** The half at a point of the panel, in the panel's own pixels. */
export function halfAt(point: { x: number; y: number }, panel: Size): Half {
  const share = isUpright(panel) ? point.y / panel.height : point.x / panel.width;
  return share < 0.5 ? 'first' : 'second';
}

export function photoOf(slide: Slide, half: Half): Slide {
  return half === 'second' && slide.beside ? slide.beside : slide;
}

/** `slide` with what is new of one of its photos; who lies beside whom stays. */
export function withChanged(slide: Slide, changed: Slide): Slide {
  if (slide.photo_id === changed.photo_id) return { ...changed, beside: slide.beside };
  if (slide.beside?.photo_id === changed.photo_id) return { ...slide, beside: { ...changed, beside: null } };
  return slide;
}
