// A code of colours that says which photo it is on, however the photo is scaled and wherever it lies on the panel.
//
// A band of sixteen flat cells: magenta, fourteen bits in blue and yellow, green. Eight bits are the photo's number, six
// check them. Pure: pixels in, codes out.

export const CELLS = 16;
/** Where the bands lie on a photo, as shares of its width and height: where no banner, sign or tab lies over them. */
export const BAND = { left: 0.1, width: 0.64, height: 0.08, middles: [0.22, 0.5, 0.82] };
export const NUMBERS = 256;

const CHECKED = 8;
const BITS = CELLS - 2;
const check = (number) => (number * 37 + 11) & 63;

/** The colours of the cells, from the left. */
export function cellsOf(number) {
  const word = (number << 6) | check(number);
  const bits = Array.from({ length: BITS }, (_, at) => (word >> (BITS - 1 - at)) & 1);
  return ['#ff00ff', ...bits.map((bit) => (bit ? '#ffff00' : '#0000ff')), '#00ff00'];
}

const OTHER = 0;
const MAGENTA = 1;
const GREEN = 2;
const BLUE = 3;
const YELLOW = 4;

function kindOf(red, green, blue) {
  if (red > 150 && blue > 150) return green < 110 ? MAGENTA : OTHER;
  if (red > 150 && green > 150) return blue < 110 ? YELLOW : OTHER;
  if (green > 150) return red < 110 && blue < 110 ? GREEN : OTHER;
  if (blue > 150) return red < 110 && green < 110 ? BLUE : OTHER;
  return OTHER;
}

/** Rows looked at; a band is higher than three of them wherever it can be read at all. */
const ROW = 4;
const NARROWEST = 4;
/** A band shows in as many rows, one below the other, or it counts for nothing. */
const ROWS = 3;

/** Every band on the panel, as `{ number, x, y, cell }`: its left end, its upper edge and the width of a cell. */
export function bandsOn({ width, height, pixels }) {
  const bands = [];
  for (let y = 0; y < height; y += ROW) {
    for (const found of codesInRow(pixels, width, y)) {
      const above = bands.find((band) => isBelow(found, y, band));
      if (above) Object.assign(above, { last: y, rows: above.rows + 1 });
      else bands.push({ ...found, y, last: y, rows: 1 });
    }
  }
  return bands.filter(({ rows }) => rows >= ROWS).map(({ number, x, y, cell }) => ({ number, x, y, cell }));
}

function isBelow(found, y, band) {
  return band.number === found.number && Math.abs(band.x - found.x) <= found.cell && y - band.last <= 2 * ROW;
}

function codesInRow(pixels, width, y) {
  const row = new Uint8Array(width);
  for (let x = 0, at = y * width * 4; x < width; x++, at += 4) row[x] = kindOf(pixels[at + 2], pixels[at + 1], pixels[at]);
  const found = [];
  for (let x = 0; x < width; x++) {
    if (row[x] !== MAGENTA || row[x - 1] === MAGENTA) continue;
    const code = codeAt(row, x, runAt(row, x));
    if (code) found.push(code);
  }
  return found;
}

function runAt(row, x) {
  let end = x;
  while (row[end] === row[x]) end++;
  return end - x;
}

/** The code that begins at `x` with a magenta cell as wide as `first`. */
function codeAt(row, x, first) {
  if (first < NARROWEST) return null;
  const end = greenNear(row, x + first * (CELLS - 1), first);
  if (end === null) return null;
  const cell = (end - x) / (CELLS - 1);
  let word = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const kind = row[Math.round(x + (bit + 1.5) * cell)];
    if (kind !== BLUE && kind !== YELLOW) return null;
    word = (word << 1) | (kind === YELLOW ? 1 : 0);
  }
  const number = word >> (BITS - CHECKED);
  return (word & 63) === check(number) ? { number, x, cell } : null;
}

/** Where the last cell begins: cells are measured by the first one, which is a pixel too wide or too narrow. */
function greenNear(row, x, first) {
  const reach = CELLS * 2;
  for (let at = Math.max(first, x - reach); at <= Math.min(row.length - 1, x + reach); at++) {
    if (row[at] === GREEN && row[at - 1] !== GREEN && runAt(row, at) >= first / 2) return at;
  }
  return null;
}
