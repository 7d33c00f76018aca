import { expect, test } from 'vitest';
import { daysOf, daysUntil, exists, inOrder, turns } from './birthdays';

const born = (name: string, year: number | null, month: number, day: number) => ({ name, year, month, day });
const on = (year: number, month: number, day: number) => ({ year, month, day });

test('a birthday is today, to come, or next year', () => {
  const grandmother = born('Grandmother', 1948, 11, 26);
  expect(daysUntil(grandmother, on(2026, 11, 26))).toBe(0);
  expect(daysUntil(grandmother, on(2026, 11, 1))).toBe(25);
  expect(daysUntil(grandmother, on(2026, 11, 27))).toBe(364);
});

test('the leap day is kept on the first of March of other years', () => {
  const leap = born('Haneul', 2004, 2, 29);
  expect(daysUntil(leap, on(2026, 2, 28))).toBe(1);
  expect(daysUntil(leap, on(2026, 3, 1))).toBe(0);
  expect(daysUntil(leap, on(2028, 2, 28))).toBe(1);
  expect(daysUntil(leap, on(2028, 3, 1))).toBeGreaterThan(360);
});

test('someone turns a number of years where the year is known', () => {
  expect(turns(born('Minji', 1986, 5, 3), on(2026, 5, 3))).toBe(40);
  expect(turns(born('Minji', 1986, 5, 3), on(2026, 5, 4))).toBe(41);
  expect(turns(born('Minji', null, 5, 3), on(2026, 5, 4))).toBeUndefined();
});

test('a day that never was is refused', () => {
  expect(daysOf(2)).toHaveLength(29);
  expect(exists({ year: null, month: 2, day: 29 })).toBe(true);
  expect(exists({ year: 2004, month: 2, day: 29 })).toBe(true);
  expect(exists({ year: 1900, month: 2, day: 29 })).toBe(false);
  expect(exists({ year: null, month: 4, day: 31 })).toBe(false);
});

test('the next birthday comes first', () => {
  const names = inOrder([born('Spring', null, 4, 1), born('Winter', null, 12, 24), born('Autumn', null, 10, 9)], on(2026, 10, 10));
  expect(names.map((each) => each.name)).toEqual(['Winter', 'Spring', 'Autumn']);
});
