// A leaf follows its finger, and goes over when it is meant to.
import { expect, test } from 'vitest';
import { angleOf, edgeUnder, goesOver, meaningOf, settleMs, speedOf } from './turn';

test('a trembling finger still taps', () => {
  expect(meaningOf(2.5, 2.5)).toBeNull();
});

test('sideways turns, up and down does not', () => {
  expect(meaningOf(-6, 2)).toBe('turn');
  expect(meaningOf(5, 6)).toBe('other');
});

test('the edge stays under the finger that took it', () => {
  for (const x of [0.9, 0.3, 0, -0.5, -0.9]) expect(edgeUnder(0.9, x, 1, -1)).toBeCloseTo(x / 0.9);
  for (const x of [-0.8, 0, 0.8]) expect(edgeUnder(-0.8, x, -1, -1)).toBeCloseTo(x / 0.8);
});

test('on one page it is gone when the finger is at the hinge, and comes back from there', () => {
  expect(edgeUnder(0.8, 0, 1, 0)).toBeCloseTo(0);
  expect(edgeUnder(0.1, 1, -1, 0)).toBeCloseTo(1);
});

test('a finger near the hinge moves the leaf no faster than a hand can follow', () => {
  expect(edgeUnder(0.05, -0.05, 1, -1)).toBeCloseTo(0.8);
});

test('a leaf is never bent beyond the book', () => {
  expect(edgeUnder(0.9, 5, 1, -1)).toBe(1);
  expect(edgeUnder(0.9, -5, 1, -1)).toBe(-1);
  expect(edgeUnder(0.9, -5, 1, 0)).toBe(0);
});

test('the angle is that of the edge', () => {
  expect([1, 0, -1].map((edge) => Math.round(angleOf(edge)))).toEqual([0, 90, 180]);
});

test('slowly turned a third of the way it goes over, less it falls back', () => {
  expect(goesOver(0.2, 0, 1, -1)).toBe(true);
  expect(goesOver(0.5, 0, 1, -1)).toBe(false);
  expect(goesOver(-0.2, 0, -1, -1)).toBe(true);
  expect(goesOver(-0.5, 0, -1, -1)).toBe(false);
  expect(goesOver(0.6, 0, 1, 0)).toBe(true);
  expect(goesOver(0.7, 0, 1, 0)).toBe(false);
});

test('a flick decides alone, also against the way that was made', () => {
  expect(goesOver(0.9, -2, 1, -1)).toBe(true);
  expect(goesOver(-0.9, 2, 1, -1)).toBe(false);
  expect(goesOver(-0.9, 2, -1, -1)).toBe(true);
});

test('speed is that of the last moment; a finger that rested has none', () => {
  const samples = [0, 10, 20, 30].map((at) => ({ x: at * 2, at }));
  expect(speedOf(samples, 30)).toBeCloseTo(2_000);
  expect(speedOf(samples, 400)).toBe(0);
  expect(speedOf([], 0)).toBe(0);
});

test('the rest of the way takes its share of the time', () => {
  expect(settleMs(0, 180)).toBe(760);
  expect(settleMs(170, 180)).toBeLessThan(250);
});
