// Lays an album's photos on its pages.
//
// Pure.

export const PHOTOS_PER_PAGE = 4;

export interface Spread<Photo> {
  left: Photo[];
  right: Photo[];
}

/** Two pages at a time, four photos to a page; an empty album has no spread. */
export function spreads<Photo>(photos: readonly Photo[]): Spread<Photo>[] {
  const both = PHOTOS_PER_PAGE * 2;
  return Array.from({ length: Math.ceil(photos.length / both) }, (_, index) => {
    const first = index * both;
    return {
      left: photos.slice(first, first + PHOTOS_PER_PAGE),
      right: photos.slice(first + PHOTOS_PER_PAGE, first + both),
    };
  });
}
