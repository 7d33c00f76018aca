// Every photo of an album is on exactly one page.
import { expect, test } from 'vitest';
import { spreads } from './spreads';

const photos = (count: number) => Array.from({ length: count }, (_, index) => index);

test('an empty album has no pages', () => {
  expect(spreads([])).toEqual([]);
});

test('the left page is filled before the right one', () => {
  expect(spreads(photos(5))).toEqual([{ left: [0, 1, 2, 3], right: [4] }]);
});

test.each([1, 4, 8, 9, 17, 100])('%i photos are all there, once and in order', (count) => {
  expect(spreads(photos(count)).flatMap(({ left, right }) => [...left, ...right])).toEqual(photos(count));
});
