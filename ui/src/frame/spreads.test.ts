// Two pages lie open, or one; a leaf in the air has two sides and uncovers one page.
import { expect, test } from 'vitest';
import { inDocument, lastOpening, openingOf, pageWith } from './spreads';

test('a book lies open at an even page, an upright panel at any', () => {
  expect([0, 1, 2, 3].map((page) => openingOf(page, 2))).toEqual([0, 0, 2, 2]);
  expect([0, 1, 2, 3].map((page) => openingOf(page, 1))).toEqual([0, 1, 2, 3]);
});

test('the last opening shows the last page', () => {
  expect([0, 1, 2, 3].map((pages) => lastOpening(pages, 2))).toEqual([0, 0, 0, 2]);
  expect([0, 1, 2, 3].map((pages) => lastOpening(pages, 1))).toEqual([0, 0, 1, 2]);
});

test('a photo is found on its page', () => {
  expect([0, 1, 2, 5, 9].map((position) => pageWith(position, [0, 2, 5]))).toEqual([0, 0, 1, 2, 2]);
  expect(pageWith(0, [])).toBe(0);
});

test('forward and back, the same leaf is in the air', () => {
  const forth = inDocument(4, { from: 4, to: 6 }, null, 8, 2);
  expect(forth.map(({ page, face, lie }) => [page, face, lie])).toEqual([
    [4, 'reverse', 'open'],
    [5, 'front', 'turning'],
    [6, 'reverse', 'turning'],
    [7, 'front', 'open'],
  ]);
  const lies = (placed: ReturnType<typeof inDocument>) => placed.map(({ page, lie }) => [page, lie]);
  expect(lies(inDocument(6, { from: 6, to: 4 }, null, 8, 2))).toEqual(lies(forth));
});

test('what lies open is all there is until its neighbours are readied', () => {
  expect(inDocument(4, null, null, 8, 2).map(({ page }) => page)).toEqual([4, 5]);
  expect(inDocument(4, null, null, 8, 1)).toEqual([{ page: 4, face: 'front', lie: 'open', turned: false }]);
});

test('neighbours lie covered, on the side where their leaf is', () => {
  expect(inDocument(4, null, 4, 8, 2).map(({ page, lie, turned }) => [page, lie, turned])).toEqual([
    [2, 'covered', true],
    [3, 'covered', true],
    [4, 'open', true],
    [5, 'open', false],
    [6, 'covered', false],
    [7, 'covered', false],
  ]);
  expect(inDocument(0, null, 0, 0, 2).map(({ page }) => page)).toEqual([0, 1]);
});

test('lifting a leaf brings nothing new into the document', () => {
  for (const sides of [1, 2] as const) {
    const rest = inDocument(4, null, 4, 8, sides).map(({ page }) => page);
    for (const to of [4 - sides, 4 + sides]) {
      expect(inDocument(4, { from: 4, to }, 4, 8, sides).map(({ page }) => page)).toEqual(rest);
    }
  }
});

test('what was painted for the last opening stays until the next has its own', () => {
  expect(inDocument(6, null, 4, 8, 2).map(({ page }) => page)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(inDocument(6, null, 6, 8, 2).map(({ page }) => page)).toEqual([4, 5, 6, 7, 8, 9]);
});

test('on an upright panel a leaf uncovers the page under it', () => {
  expect(inDocument(3, { from: 3, to: 2 }, null, 8, 1).map(({ page, lie }) => [page, lie])).toEqual([
    [2, 'turning'],
    [3, 'open'],
  ]);
});
