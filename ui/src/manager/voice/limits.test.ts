import { expect, test } from 'vitest';
import { BITS_PER_SECOND, clockWords, fits, formFor, mediaTypeOf, MOST_BYTES, MOST_SECONDS, secondsLeft } from './limits';

test('a voice counts down a minute and never below', () => {
  expect(secondsLeft(1_000, 1_000)).toBe(60);
  expect(secondsLeft(1_000, 1_001)).toBe(60);
  expect(secondsLeft(1_000, 31_000)).toBe(30);
  expect(secondsLeft(1_000, 60_999)).toBe(1);
  expect(secondsLeft(1_000, 61_000)).toBe(0);
  expect(secondsLeft(1_000, 99_000)).toBe(0);
});

test('a whole minute fits in what the server takes', () => {
  expect((BITS_PER_SECOND / 8) * MOST_SECONDS).toBeLessThan(MOST_BYTES / 2);
});

test('nothing, and too much, are not sent', () => {
  expect(fits(0)).toBe(false);
  expect(fits(MOST_BYTES)).toBe(true);
  expect(fits(MOST_BYTES + 1)).toBe(false);
});

test('each browser records in the first form it can', () => {
  expect(formFor(() => true)).toBe('audio/webm;codecs=opus');
  expect(formFor((form) => form.startsWith('audio/mp4'))).toBe('audio/mp4');
  expect(formFor(() => false)).toBeUndefined();
  expect(mediaTypeOf('audio/webm;codecs=opus')).toBe('audio/webm');
});

test('seconds are written as on a clock', () => {
  expect([0, 7.9, 60, 61].map(clockWords)).toEqual(['0:00', '0:07', '1:00', '1:01']);
});
