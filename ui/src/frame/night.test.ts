import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AWAKE_MS, darkness, Night } from './night.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a touch wakes before the engine has answered', () => {
  const night = new Night();
  night.took(true);
  expect(night.asleep).toBe(true);
  night.wake();
  night.took(true);
  expect(night.asleep).toBe(false);
});

test('the engine has its way again when it still calls it night', () => {
  const night = new Night();
  night.took(true);
  night.wake();
  vi.advanceTimersByTime(AWAKE_MS);
  expect(night.asleep).toBe(true);
});

test('the next night begins like every other', () => {
  const night = new Night();
  night.took(true);
  night.wake();
  night.took(false);
  night.took(true);
  expect(night.asleep).toBe(true);
});

test('no black lies over full light, much over the least, and never all', () => {
  expect(darkness(100)).toBe(0);
  expect(darkness(10)).toBeCloseTo(0.81);
  expect(darkness(0)).toBeCloseTo(0.81);
  expect(darkness(undefined as unknown as number)).toBe(0);
  expect(darkness(40)).toBeGreaterThan(darkness(60));
});
