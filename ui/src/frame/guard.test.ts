import { expect, test } from 'vitest';
import { isTooSoon } from './guard';

test('a finger that came down before a button had settled does not press it', () => {
  expect(isTooSoon(1_000, 900)).toBe(true);
  expect(isTooSoon(1_000, 1_000)).toBe(true);
  expect(isTooSoon(1_000, 1_299)).toBe(true);
});

test('a finger that came down after presses it', () => {
  expect(isTooSoon(1_000, 1_300)).toBe(false);
});

test('a button nobody put a finger on is not pressed by a tap that began elsewhere', () => {
  expect(isTooSoon(1_000, 0)).toBe(true);
});
