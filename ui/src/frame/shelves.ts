// How the albums stand on their shelves, and which shelves are in the document.
//
// Pure; lengths in millimetres.

export interface Shelves {
  columns: number;
  rows: number;
  /** Of one shelf with what stands on it. */
  height: number;
}

/** An album with its title plate is about as wide as high; narrower than this its title could not be read. */
const NARROWEST = 50;
const LOWEST = 50;
export const CLOTHS = 5;

/** As large as the albums can stand without scrolling; where they are many, as many as can still be told apart. */
export function shelvesFor(albums: number, width: number, height: number): Shelves {
  const most = Math.max(1, Math.floor(width / NARROWEST));
  const deepest = Math.max(1, Math.floor(height / LOWEST));
  const whole = range(most)
    .map((columns) => ({ columns, rows: Math.ceil(albums / columns) }))
    .filter(({ rows }) => rows <= deepest);
  const size = ({ columns, rows }: { columns: number; rows: number }) => Math.min(width / columns, height / rows);
  const [first, ...others] = whole;
  if (!first) return { columns: most, rows: Math.ceil(albums / most), height: height / deepest };
  const { columns, rows } = others.reduce((best, each) => (size(each) > size(best) ? each : best), first);
  return { columns, rows, height: height / Math.max(1, rows) };
}

/** The shelves seen from `top`, with one above and one below, so that a finger never uncovers a bare wall. */
export function shelvesInDocument(top: number, height: number, shelves: Shelves): number[] {
  const first = Math.max(0, Math.floor(top / shelves.height) - 1);
  const last = Math.min(shelves.rows - 1, Math.floor((top + height) / shelves.height) + 1);
  return range(last - first + 1).map((index) => first + index - 1);
}

/** Which of the bindings an album has: always the same, so that it is known by its colour. */
export function clothOf(albumId: string): number {
  return Array.from(albumId).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % CLOTHS;
}

/** 1, 2, … `count` */
function range(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => index + 1);
}
