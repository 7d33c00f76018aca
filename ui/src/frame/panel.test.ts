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
