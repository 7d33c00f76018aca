import { describe, expect, test } from 'vitest';
import { byteWords } from './bytes';
import {
  agoWords,
  birthdayWords,
  calendarWords,
  clockTimeWords,
  clockWords,
  localDay,
  monthNames,
  monthOf,
  monthWords,
  plainDateWords,
  takenAtWords,
} from './dates';
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

describe("a photo's date in plain words", () => {
  /** A Thursday. */
  const today = '2026-11-26';
  const cases: [Precision, string, string, string][] = [
    ['exact', '2026-11-26T00:00:00', '오늘', 'today'],
    ['day', '2026-11-26T23:59:59', '오늘', 'today'],
    ['exact', '2026-11-25T23:59:59', '어제', 'yesterday'],
    ['day', '2026-11-24T00:00:00', '그저께', 'the day before yesterday'],
    ['day', '2026-11-23T10:00:00', '이번 주 월요일', 'on Monday'],
    ['day', '2026-11-22T10:00:00', '지난주 일요일', 'last Sunday'],
    ['day', '2026-11-16T10:00:00', '지난주 월요일', 'Monday of last week'],
    ['day', '2026-11-15T10:00:00', '2026년 11월 15일', '15 November 2026'],
    ['exact', '2026-10-31T10:00:00', '지난달', 'last month'],
    ['exact', '2026-10-01T00:00:00', '지난달', 'last month'],
    ['exact', '2026-09-30T10:00:00', '2026년 9월 30일', '30 September 2026'],
    ['exact', '2025-11-26T10:00:00', '작년 오늘', 'a year ago today'],
    ['day', '1987-11-26T10:00:00', '39년 전 오늘', '39 years ago today'],
    ['day', '1987-07-05T10:00:00', '1987년 7월 5일', '5 July 1987'],
    ['month', '2026-11-01T00:00:00', '이번 달', 'this month'],
    ['month', '2026-10-01T00:00:00', '지난달', 'last month'],
    ['month', '2026-06-01T00:00:00', '올해 여름', 'summer this year'],
    ['month', '2025-10-01T00:00:00', '작년 가을', 'autumn last year'],
    ['month', '2025-02-01T00:00:00', '2025년 2월', 'February 2025'],
    ['month', '1987-07-01T00:00:00', '1987년 여름', 'summer 1987'],
    ['month', '1987-03-01T00:00:00', '1987년 봄', 'spring 1987'],
    ['month', '1987-12-01T00:00:00', '1987년 겨울', 'winter 1987'],
    ['month', '1988-01-01T00:00:00', '1988년 1월', 'January 1988'],
    ['year', '2026-01-01T00:00:00', '올해', 'this year'],
    ['year', '2025-01-01T00:00:00', '작년', 'last year'],
    ['year', '1987-01-01T00:00:00', '1987년', '1987'],
    ['decade', '1980-01-01T00:00:00', '1980년대', '1980s'],
    ['decade', '2020-01-01T00:00:00', '2020년대', '2020s'],
    ['unknown', '2026-11-26T00:00:00', '', ''],
    ['exact', 'soon', '', ''],
  ];

  test.each(cases)('%s %s: %s, %s', (precision, local, korean, english) => {
    expect(plainDateWords(taken(precision, local), today, 'ko')).toBe(korean);
    expect(plainDateWords(taken(precision, local), today, 'en')).toBe(english);
  });

  test('does not depend on a clock that is not set', () => {
    const [first, later] = [taken('exact', '2026-11-26T10:00:00'), taken('month', '2025-10-01T00:00:00')];
    expect(plainDateWords(first, null, 'ko')).toBe('2026년 11월 26일');
    expect(plainDateWords(later, null, 'ko')).toBe('2025년 가을');
    expect(plainDateWords(later, null, 'en')).toBe('autumn 2025');
    expect(plainDateWords(taken('year', '2026-01-01T00:00:00'), null, 'en')).toBe('2026');
  });

  test('of a photo from a camera ahead of time is the date it tells', () => {
    expect(plainDateWords(taken('exact', '2026-11-27T10:00:00'), today, 'en')).toBe('27 November 2026');
    expect(plainDateWords(taken('month', '2026-12-01T00:00:00'), today, 'ko')).toBe('2026년 겨울');
  });

  test('knows the week that began in another year, and the month before January', () => {
    expect(plainDateWords(taken('day', '2025-12-28T10:00:00'), '2026-01-01', 'ko')).toBe('지난주 일요일');
    expect(plainDateWords(taken('day', '2025-12-03T10:00:00'), '2026-01-20', 'en')).toBe('last month');
    expect(plainDateWords(taken('day', '2026-03-01T10:00:00'), '2026-03-01', 'en')).toBe('today');
  });

  test('on a Sunday the week is the one that ends', () => {
    expect(plainDateWords(taken('day', '2026-11-23T10:00:00'), '2026-11-29', 'ko')).toBe('이번 주 월요일');
    expect(plainDateWords(taken('day', '2026-11-22T10:00:00'), '2026-11-29', 'ko')).toBe('지난주 일요일');
    expect(plainDateWords(taken('day', '2026-11-22T10:00:00'), '2026-11-29', 'en')).toBe('Sunday of last week');
  });
});

test('the clock and the calendar on the wall speak of the day in this zone', () => {
  const now = new Date(2026, 10, 26, 15, 4);
  expect(localDay(now)).toBe('2026-11-26');
  expect(clockWords(now, 'ko')).toBe('오후 3:04');
  expect(clockWords(now, 'en')).toBe('3:04 pm');
  expect(clockWords(new Date(2026, 10, 26, 0, 30), 'ko')).toBe('오전 12:30');
  expect(clockWords(new Date(2026, 10, 26, 12, 0), 'en')).toBe('12:00 pm');
  expect(calendarWords(now, 'ko')).toBe('11월 26일 목요일');
  expect(calendarWords(now, 'en')).toBe('Thursday 26 November');
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
  expect(birthdayWords({ year: null, month: 2, day: 29 }, 'en')).toBe('29 February');
  expect(birthdayWords({ year: 1948, month: 11, day: 26 }, 'ko')).toBe('1948년 11월 26일');
  expect(monthNames('ko')).toHaveLength(12);
  expect(monthNames('en').at(-1)).toBe('December');
});

test('a time of day is told by the clock of the day, in each language', () => {
  const afternoon = new Date(2026, 10, 26, 14, 5).toISOString();
  expect(clockTimeWords(afternoon, 'en')).toBe('14:05');
  expect(clockTimeWords(afternoon, 'ko')).toBe('14:05');
});
