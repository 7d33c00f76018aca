// Which pages of an album lie open, and which are in the document while a leaf is in the air.
//
// Pure. Pages are counted from 0; the even ones are left. A panel that stands upright has room for one page.

export type Sides = 1 | 2;
/** A leaf in the air: it lies between what is open at `from` and what will be open at `to`. */
export interface Leaf {
  from: number;
  to: number;
}
/** A page is printed on one of a leaf's two faces: the front is read on the right, the reverse on the left. */
export type Face = 'front' | 'reverse';
/** Of a leaf in the air; open, to be touched; or covered by what is open, painted before it is turned to. */
export type Lie = 'turning' | 'open' | 'covered';
export interface Placed {
  page: number;
  face: Face;
  lie: Lie;
  /** Whether its leaf has been turned over; one in the air has not landed anywhere. */
  turned: boolean;
}

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

/**
 * What is in the document: what is open, both faces of a turning leaf and what it uncovers, and the neighbours of the
 * opening `readied`: where a GPU moves pages, they are painted before they are, and not when a leaf is lifted.
 */
export function inDocument(open: number, leaf: Leaf | null, readied: number | null, last: number, sides: Sides): Placed[] {
  const openings = leaf ? [leaf.from, leaf.to] : [open];
  const neighbours = readied === null ? [] : [readied - sides, readied, readied + sides];
  const wanted = [...new Set([...openings, ...neighbours])].filter((opening) => opening >= 0 && opening <= last);
  const pages = wanted.sort((one, other) => one - other).flatMap((opening) => (sides === 2 ? [opening, opening + 1] : [opening]));
  const lifted = leaf && Math.min(leaf.from, leaf.to) / sides;
  return pages.map((page) => {
    const number = leafOf(page, sides);
    const isOpen = leaf ? page >= Math.min(...openings) && page < Math.max(...openings) + sides : page >= open && page < open + sides;
    const lie = number === lifted ? 'turning' : isOpen ? 'open' : 'covered';
    return { page, face: sides === 2 && page % 2 === 0 ? 'reverse' : 'front', lie, turned: number < open / sides };
  });
}

/** A book's leaf has an odd page on its front and the next on its reverse; an upright panel's has one page. */
function leafOf(page: number, sides: Sides): number {
  return sides === 2 ? Math.floor((page - 1) / 2) : page;
}
