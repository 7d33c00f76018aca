// Fingers pass, palms do not.
import { expect, test } from 'vitest';
import { Touches } from './touches';

test('one finger, and two, pass', () => {
  const touches = new Touches();
  expect(touches.down(1, 12, true)).toBe(true);
  expect(touches.down(2, 12, false)).toBe(true);
});

test('a palm is refused, and everything with it until it is lifted', () => {
  const touches = new Touches();
  expect(touches.down(1, 45, true)).toBe(false);
  expect(touches.down(2, 10, false)).toBe(false);
  touches.up(1);
  touches.up(2);
  expect(touches.refused).toBe(true);
  expect(touches.down(3, 10, true)).toBe(true);
  expect(touches.refused).toBe(false);
});

test('a third finger makes all of them a hand', () => {
  const touches = new Touches();
  touches.down(1, 10, true);
  touches.down(2, 10, false);
  expect(touches.down(3, 10, false)).toBe(false);
  expect(touches.refused).toBe(true);
});

test('a touch that was never heard to be lifted does not make the next ones a hand', () => {
  const touches = new Touches();
  touches.down(1, 10, true);
  touches.down(2, 10, false);
  expect(touches.down(3, 10, true)).toBe(true);
});
