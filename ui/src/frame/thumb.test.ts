import { expect, test } from 'vitest';
import { hasTapped } from './thumb';

const finger = { x: 100, y: 100, at: 1_000 };

test('a finger that trembles has tapped', () => {
  expect(hasTapped(finger, { clientX: 110, clientY: 92 }, 1_200)).toBe(true);
});

test('a finger that draws or rests has not', () => {
  expect(hasTapped(finger, { clientX: 140, clientY: 100 }, 1_200)).toBe(false);
  expect(hasTapped(finger, { clientX: 100, clientY: 100 }, 2_500)).toBe(false);
});
