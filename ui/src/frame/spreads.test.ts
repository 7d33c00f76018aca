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
  const turning = [
    { page: 4, role: 'left' },
    { page: 5, role: 'front' },
    { page: 6, role: 'reverse' },
    { page: 7, role: 'right' },
  ];
  expect(inDocument(4, { from: 4, to: 6 }, 2)).toEqual(turning);
  expect(inDocument(6, { from: 6, to: 4 }, 2)).toEqual(turning);
});

test('what lies still is all there is', () => {
  expect(inDocument(4, null, 2).map(({ page }) => page)).toEqual([4, 5]);
  expect(inDocument(4, null, 1)).toEqual([{ page: 4, role: 'right' }]);
});

test('on an upright panel a leaf uncovers the page under it', () => {
  expect(inDocument(3, { from: 3, to: 2 }, 1)).toEqual([
    { page: 2, role: 'front' },
    { page: 3, role: 'right' },
  ]);
});
