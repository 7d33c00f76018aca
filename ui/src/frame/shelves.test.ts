// A few albums stand large, many stand in rows, and only what is seen is there.
import { expect, test } from 'vitest';
import { CLOTHS, clothOf, shelvesFor, shelvesInDocument } from './shelves';

const [WIDTH, HEIGHT] = [217, 111];

test('few albums have one shelf, and more of it the fewer they are', () => {
  expect([1, 2, 3].map((albums) => shelvesFor(albums, WIDTH, HEIGHT))).toEqual(
    [1, 2, 3].map((columns) => ({ columns, rows: 1, height: HEIGHT })),
  );
});

test('as long as they can be read they stand without scrolling', () => {
  for (let albums = 1; albums <= 8; albums++) {
    const { columns, rows, height } = shelvesFor(albums, WIDTH, HEIGHT);
    expect(columns * rows).toBeGreaterThanOrEqual(albums);
    expect(rows * height).toBeCloseTo(HEIGHT);
  }
});

test('500 albums are on as many shelves as they need', () => {
  const { columns, rows, height } = shelvesFor(500, WIDTH, HEIGHT);
  expect(columns * rows).toBeGreaterThanOrEqual(500);
  expect(columns * (rows - 1)).toBeLessThan(500);
  expect(WIDTH / columns).toBeGreaterThanOrEqual(50);
  expect(height).toBeGreaterThanOrEqual(50);
});

test('only the shelves in sight and their neighbours are there', () => {
  const shelves = { columns: 4, rows: 125, height: 55 };
  expect(shelvesInDocument(0, 110, shelves)).toEqual([0, 1, 2, 3]);
  expect(shelvesInDocument(550, 110, shelves)).toEqual([9, 10, 11, 12, 13]);
  expect(shelvesInDocument(123 * 55, 110, shelves)).toEqual([122, 123, 124]);
});

test('an album keeps its cloth', () => {
  expect(clothOf('01940000-0000-7000-8000-000000000001')).toBe(clothOf('01940000-0000-7000-8000-000000000001'));
  const cloths = new Set(Array.from({ length: 200 }, (_, index) => clothOf(`album ${index}`)));
  expect([...cloths].sort()).toEqual(Array.from({ length: CLOTHS }, (_, index) => index));
});
