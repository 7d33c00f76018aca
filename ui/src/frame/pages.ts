// Lays an album's photos on its pages, as one does with glue: two or three that go together, uncut, with room to write
// under them.
//
// Pure; lengths in millimetres. Rule: the photos that follow decide, three ahead at most, so a page whose first photo has
// three more after it stays as it is when photos are added at the end.

export interface Shape {
  width: number;
  height: number;
  caption: string;
}

/** The part of a page that photos may cover. */
export interface Sheet {
  width: number;
  height: number;
  /** Size of the handwriting, and from one line of it to the next. */
  hand: number;
  line: number;
}

/** Where a print lies on its sheet, and the room under it for its caption. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Lines of handwriting under it, and how wide they may be, about the middle of the print. */
  lines: number;
  room: number;
}

export interface LaidPage {
  /** The position in the album of the first photo on it. */
  first: number;
  places: Place[];
}

/** Photos per row, from the top, by how many are on the page. */
const ARRANGEMENTS: number[][][] = [[[1]], [[1, 1], [2]], [[1, 2], [2, 1], [1, 1, 1]], [[2, 2], [1, 2, 1]]];
/** A page is liked for the paper its photos cover, but one or four photos a little less than two or three. */
const LIKING = [0.92, 1, 1, 0.9];
/** Each further page of the same arrangement is liked less, up to three. */
const SAMENESS = 0.94;
/** A print is never smaller than a thumb, on either side. */
const SMALLEST = 20;
/** Wider or taller photos are cut to this. */
const [NARROWEST, WIDEST] = [0.4, 3];
const GAP = 4;

/** What matters of a photo: its shape, and how long its caption is when written by hand. */
interface Piece {
  ratio: number;
  caption: number;
}

interface Candidate {
  rows: number[];
  places: Place[];
  score: number;
}

export function layPages(shapes: readonly Shape[], sheet: Sheet): LaidPage[] {
  const pieces = shapes.map((shape) => ({ ratio: ratioOf(shape), caption: lengthOf(shape.caption, sheet.hand) }));
  const pages: LaidPage[] = [];
  let rows = '';
  let run = 0;
  for (let first = 0; first < pieces.length; first += pages.at(-1)?.places.length ?? 1) {
    const page = best(pieces.slice(first, first + ARRANGEMENTS.length), sheet, rows, run);
    run = page.rows.join() === rows ? Math.min(run + 1, 3) : 1;
    rows = page.rows.join();
    pages.push({ first, places: page.places });
  }
  return pages;
}

function best(next: readonly Piece[], sheet: Sheet, before: string, run: number): Candidate {
  const candidates = next.flatMap((_, index) =>
    (ARRANGEMENTS[index] ?? []).map((rows) => arrange(next.slice(0, index + 1), rows, sheet)),
  );
  const liked = (page: Candidate) => page.score * (page.rows.join() === before ? SAMENESS ** run : 1);
  return candidates.reduce((a, b) => (liked(b) > liked(a) ? b : a));
}

function arrange(pieces: readonly Piece[], rows: number[], sheet: Sheet): Candidate {
  const laid = rowsOf(pieces, rows);
  // Smaller prints leave narrower captions, which may need a line more.
  const first = fit(laid, sheet, laid.map(() => 0));
  const second = fit(laid, sheet, linesOf(first, laid, sheet));
  const places = fit(laid, sheet, linesOf(second, laid, sheet)).flat();
  return { rows, places, score: scoreOf(places, pieces, sheet) };
}

function rowsOf(pieces: readonly Piece[], rows: number[]): Piece[][] {
  let taken = 0;
  return rows.map((count) => pieces.slice(taken, (taken += count)));
}

/** As large as the sheet allows, whole rows in the middle of it, with the same air between them. */
function fit(rows: Piece[][], sheet: Sheet, lines: number[]): Place[][] {
  const full = rows.map((row) => (sheet.width - GAP * (row.length - 1)) / sum(row.map(({ ratio }) => ratio)));
  const written = sum(lines) * sheet.line;
  const free = sheet.height - written - GAP * (rows.length - 1);
  const scale = Math.min(1, free / sum(full));
  const air = Math.max(0, free - sum(full) * scale) / (rows.length + 1);
  let y = air;
  return rows.map((row, index) => {
    const height = (full[index] ?? 0) * scale;
    const places = across(row, height, y, lines[index] ?? 0, sheet);
    y += height + (lines[index] ?? 0) * sheet.line + GAP + air;
    return places;
  });
}

function across(row: Piece[], height: number, y: number, lines: number, sheet: Sheet): Place[] {
  const used = sum(row.map(({ ratio }) => ratio)) * height;
  const space = (sheet.width - used) / row.length;
  let x = space / 2;
  return row.map(({ ratio }) => {
    const width = ratio * height;
    const place = { x, y, width, height, lines, room: width + space - (row.length > 1 ? GAP : 0) };
    x += width + space;
    return place;
  });
}

/** A row is as deep as its longest caption; beside another photo two lines must do. */
function linesOf(places: Place[][], rows: Piece[][], sheet: Sheet): number[] {
  return rows.map((row, index) =>
    Math.min(row.length > 1 ? 2 : 4, Math.max(...row.map((piece, at) => linesFor(piece, places[index]?.[at], sheet)))),
  );
}

function linesFor({ caption }: Piece, place: Place | undefined, sheet: Sheet): number {
  return Math.ceil(caption / (place?.room ?? sheet.width));
}

/** About how long a text is in handwriting; a little more, because words do not fill their lines. */
function lengthOf(text: string, hand: number): number {
  return sum(Array.from(text.trim(), (letter) => (letter > '\u2e7f' ? 0.72 : 0.41))) * hand * 1.1;
}

function scoreOf(places: Place[], pieces: readonly Piece[], sheet: Sheet): number {
  const covered = sum(places.map(({ width, height }) => width * height)) / (sheet.width * sheet.height);
  const smallest = Math.min(...places.map(({ width, height }) => Math.min(width, height)));
  if (smallest < SMALLEST && places.length > 1) return 0;
  return covered * (LIKING[places.length - 1] ?? 0) * Math.min(...pieces.map((piece, index) => legible(piece, places[index], sheet)));
}

/** How much of a caption can be read under its photo, 0 to 1. */
function legible(piece: Piece, place: Place | undefined, sheet: Sheet): number {
  const needed = linesFor(piece, place, sheet);
  return needed === 0 ? 1 : Math.min(1, (place?.lines ?? 0) / needed);
}

function ratioOf({ width, height }: Shape): number {
  return Math.min(WIDEST, Math.max(NARROWEST, width > 0 && height > 0 ? width / height : 1.5));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
