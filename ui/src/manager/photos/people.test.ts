import { expect, test } from 'vitest';
import { cut, isTooLong, MAX_PEOPLE, suggestions, usedLast, withNames } from './people';

test('a comma ends a name, also a Korean or Chinese one', () => {
  expect(cut('Min')).toEqual({ names: [], rest: 'Min' });
  expect(cut('Minji,')).toEqual({ names: ['Minji'], rest: '' });
  expect(cut('민지, 준호、 할머니， 할')).toEqual({ names: ['민지', ' 준호', ' 할머니'], rest: '할' });
});

test('a name is trimmed and is in a picture once', () => {
  expect(withNames(['Minji'], [' Junho ', 'Minji', '', ' '])).toEqual(['Minji', 'Junho']);
  expect(withNames(['민지'], ['민지'.normalize('NFD')])).toEqual(['민지']);
});

test('a name has at most 40 characters, and a picture 20 names', () => {
  expect(withNames([], ['가'.repeat(40), '나'.repeat(41)])).toEqual(['가'.repeat(40)]);
  expect(isTooLong('👵'.repeat(40))).toBe(false);
  const crowd = Array.from({ length: 25 }, (_, number) => `${number}`);
  expect(withNames(['first'], crowd)).toEqual(['first', ...crowd].slice(0, MAX_PEOPLE));
});

test('known names are suggested that are not there yet and fit what is typed', () => {
  const known = ['Minji', 'Junho', '할머니', 'Jimin'];
  expect(suggestions(known, ['Junho'], '')).toEqual(['Minji', '할머니', 'Jimin']);
  expect(suggestions(known, [], ' MIN')).toEqual(['Minji', 'Jimin']);
  expect(suggestions(known, [], '할')).toEqual(['할머니']);
  expect(suggestions(crowdOf(30), [], '')).toHaveLength(6);
});

test('who was named last is suggested first', () => {
  expect(usedLast(['Junho', 'Minji'], ['Sujin', 'Minji'])).toEqual(['Junho', 'Minji', 'Sujin']);
});

const crowdOf = (number: number) => Array.from({ length: number }, (_, index) => `Name ${index}`);
