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

test('follows the real size of a small panel', () => {
  expect(pixelsPerMillimetre(800, 480, { width: 154, height: 86 })).toBeCloseTo(5.29, 2);
});

test('on a large panel everything is larger, as on a small one with its pixels', () => {
  expect(pixelsPerMillimetre(1920, 1080, { width: 708, height: 398 })).toBe(pixelsPerMillimetre(1920, 1080));
});

test('does not believe a panel that says it has no size', () => {
  expect(pixelsPerMillimetre(1920, 1080, { width: 0, height: 0 })).toBe(pixelsPerMillimetre(1920, 1080));
  expect(pixelsPerMillimetre(1920, 1080, { width: 16, height: 9 })).toBe(pixelsPerMillimetre(1920, 1080));
});

test('is the same on a panel that stands', () => {
  expect(pixelsPerMillimetre(1080, 1920)).toBe(pixelsPerMillimetre(1920, 1080));
});
