// Which pages of an album lie open, and which are in the document while a leaf is in the air.
//
// Pure. Pages are counted from 0; the even ones are left. A panel that stands upright has room for one page.

export type Sides = 1 | 2;
/** A leaf in the air: it lies between what is open at `from` and what will be open at `to`. */
export interface Leaf {
  from: number;
  to: number;
}
export type Role = 'left' | 'right' | 'front' | 'reverse';

/** The first open page where `page` can be read. */
export function openingOf(page: number, sides: Sides): number {
  return page - (page % sides);
}

/** The last place where an album can be open. */
export function lastOpening(pages: number, sides: Sides): number {
  return openingOf(Math.max(0, pages - 1), sides);
}

/** The page that has the photo at `position`; the first photos of the pages are in order. */
export function pageWith(position: number, firsts: readonly number[]): number {
  return Math.max(0, firsts.findLastIndex((first) => first <= position));
}

/** What is in the document: what lies flat, and of a turning leaf both sides and what it uncovers. */
export function inDocument(open: number, leaf: Leaf | null, sides: Sides): { page: number; role: Role }[] {
  if (sides === 1) return leaf ? roles(Math.min(leaf.from, leaf.to), ['front', 'right']) : roles(open, ['right']);
  return leaf ? roles(Math.min(leaf.from, leaf.to), ['left', 'front', 'reverse', 'right']) : roles(open, ['left', 'right']);
}

function roles(first: number, of: Role[]): { page: number; role: Role }[] {
  return of.map((role, index) => ({ page: first + index, role }));
}
