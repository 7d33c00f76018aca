// Lays photos out in justified rows under month headings.
//
// Pure: the same photos and width give the same boxes. The row breaking is Flickr's justified-layout.
import justifiedLayout from 'justified-layout';
import type { Photo } from '$lib/api/gen/types';
import { monthOf } from '$lib/dates';

export interface Box {
  photo: Photo;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Section {
  /** `2024-05`, or `unknown`. */
  month: string;
  height: number;
  boxes: Box[];
}

const GAP = 6;
/** Panoramas and till receipts are shown cropped rather than as a hairline. */
const NARROWEST = 0.5;
const WIDEST = 2.6;

/** Consecutive photos of one month form a section, in the order given. */
export function sectionsOf(photos: readonly Photo[], width: number): Section[] {
  const groups: { month: string; photos: Photo[] }[] = [];
  for (const photo of photos) {
    const month = photo.taken_at.precision === 'unknown' ? 'unknown' : monthOf(photo.taken_at);
    const last = groups.at(-1);
    if (last?.month === month) last.photos.push(photo);
    else groups.push({ month, photos: [photo] });
  }
  return groups.map((group) => ({ month: group.month, ...rowsOf(group.photos, width) }));
}

/** Rows of one group. Heights are chosen so that a phone shows two or three photos side by side. */
export function rowsOf(photos: readonly Photo[], width: number): { height: number; boxes: Box[] } {
  if (width <= 0) return { height: 0, boxes: [] };
  const layout = justifiedLayout(photos.map(shapeOf), {
    containerWidth: width,
    containerPadding: 0,
    boxSpacing: GAP,
    targetRowHeight: width < 600 ? 128 : 208,
    targetRowHeightTolerance: 0.3,
  });
  const boxes = layout.boxes.flatMap((box, index) => {
    const photo = photos[index];
    return photo ? [{ photo, left: box.left, top: box.top, width: box.width, height: box.height }] : [];
  });
  return { height: layout.containerHeight, boxes };
}

/** Width over height; square until the server has looked at it. */
export function shapeOf(photo: Photo): number {
  if (photo.width === 0 || photo.height === 0) return 1;
  return Math.min(WIDEST, Math.max(NARROWEST, photo.width / photo.height));
}
