// A target stays as large as a thumb on every panel.
import { expect, test } from 'vitest';
import { pixelsPerMillimetre } from './panel';

test('a 20 mm button is at least 110 pixels on a small panel', () => {
  expect(20 * pixelsPerMillimetre(1280, 800)).toBeGreaterThanOrEqual(110);
});

test('grows with the pixels of a finer panel', () => {
  expect(pixelsPerMillimetre(1920, 1080)).toBeGreaterThan(pixelsPerMillimetre(1280, 800));
});

test('never falls below what a browser calls a millimetre', () => {
  expect(pixelsPerMillimetre(320, 200)).toBeCloseTo(96 / 25.4);
});

test('follows the real size where a panel tells it', () => {
  expect(pixelsPerMillimetre(1920, 1080, { width: 344, height: 194 })).toBeCloseTo(5.58, 2);
});

test('does not believe a panel that says it has no size', () => {
  expect(pixelsPerMillimetre(1920, 1080, { width: 0, height: 0 })).toBe(pixelsPerMillimetre(1920, 1080));
  expect(pixelsPerMillimetre(1920, 1080, { width: 16, height: 9 })).toBe(pixelsPerMillimetre(1920, 1080));
});

test('is the same on a panel that stands', () => {
  expect(pixelsPerMillimetre(1080, 1920)).toBe(pixelsPerMillimetre(1920, 1080));
});
