import { describe, expect, test } from 'vitest';
import { byteWords } from './bytes';
import { agoWords, calendarWords, clockTimeWords, monthNames, monthOf, monthWords, takenAtWords } from './dates';
import type { Precision } from './api/gen/types';

const taken = (precision: Precision, local = '1987-05-01T23:30:00') => ({ local, precision, offset: null });

describe("a photo's date", () => {
  test('is told as exactly as it is known, in English', () => {
    expect(takenAtWords(taken('exact'), 'en')).toBe('1 May 1987');
    expect(takenAtWords(taken('month'), 'en')).toBe('May 1987');
    expect(takenAtWords(taken('year'), 'en')).toBe('1987');
    expect(takenAtWords(taken('decade'), 'en')).toBe('1980s');
    expect(takenAtWords(taken('unknown'), 'en')).toBe('Date unknown');
  });

  test('is told as exactly as it is known, in Korean', () => {
    expect(takenAtWords(taken('day'), 'ko')).toBe('1987년 5월 1일');
    expect(takenAtWords(taken('month'), 'ko')).toBe('1987년 5월');
    expect(takenAtWords(taken('decade'), 'ko')).toBe('1980년대');
    expect(takenAtWords(taken('unknown'), 'ko')).toBe('날짜 모름');
  });

  test('stays on its day in every time zone', () => {
    expect(takenAtWords(taken('exact', '2024-01-01T00:10:00'), 'en')).toBe('1 January 2024');
    expect(monthOf(taken('exact', '2024-01-01T00:10:00'))).toBe('2024-01');
  });

  test('that cannot be read is unknown, not a crash', () => {
    expect(takenAtWords(taken('exact', 'soon'), 'en')).toBe('Date unknown');
    expect(monthWords('soon', 'ko')).toBe('날짜 모름');
  });
});

describe('how long ago', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  test('is told in the largest unit that fits', () => {
    expect(agoWords('2026-11-22T11:55:00Z', now, 'en')).toBe('5 minutes ago');
    expect(agoWords('2026-11-20T12:00:00Z', now, 'ko')).toBe('그저께');
    expect(agoWords('2025-06-22T12:00:00Z', now, 'en')).toBe('last year');
  });

  test('is just now under a minute, and for a clock ahead of ours', () => {
    expect(agoWords('2026-11-22T11:59:30Z', now, 'en')).toBe('just now');
    expect(agoWords('2026-11-22T12:03:00Z', now, 'ko')).toBe('방금');
  });
});

test('sizes are counted as phones count them', () => {
  expect(byteWords(3_400_000, 'en')).toBe('3.4 MB');
  expect(byteWords(0, 'en')).toBe('0 bytes');
  expect(byteWords(25_000_000_000, 'ko')).toBe('25GB');
});

test('a birthday is a day of the calendar, with its year where it is known', () => {
  expect(calendarWords({ year: null, month: 2, day: 29 }, 'en')).toBe('29 February');
  expect(calendarWords({ year: 1948, month: 11, day: 26 }, 'ko')).toBe('1948년 11월 26일');
  expect(monthNames('ko')).toHaveLength(12);
  expect(monthNames('en').at(-1)).toBe('December');
});

test('a time of day is told by the clock of the day, in each language', () => {
  const afternoon = new Date(2026, 10, 26, 14, 5).toISOString();
  expect(clockTimeWords(afternoon, 'en')).toBe('14:05');
  expect(clockTimeWords(afternoon, 'ko')).toBe('14:05');
});
