import { expect, test } from 'vitest';
import { isTooSoon, pressedAt } from './guard';

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

test('a touch that waited for a busy page counts from when the finger came down', () => {
  expect(pressedAt(9_400, 10_000)).toBe(9_400);
  expect(pressedAt(10_000, 10_000)).toBe(10_000);
});

test('a stamp that cannot be is not believed: it came by way of a clock that was set meanwhile', () => {
  expect(pressedAt(0, 10_000)).toBe(10_000);
  expect(pressedAt(10_001, 10_000)).toBe(10_000);
  expect(pressedAt(70_000, 10_000)).toBe(10_000);
});
