import { expect, test } from 'vitest';
import { userCode } from './user-code';

test('a code is understood however it is typed', () => {
  for (const typed of ['bcdfghjk', 'BCDF-GHJK', ' bcdf ghjk ', 'BCDF–GHJK!']) expect(userCode(typed)).toBe('BCDF-GHJK');
});

test('the dash comes with the fifth letter and goes with it', () => {
  expect(userCode('BCDF-')).toBe('BCDF');
  expect(userCode('BCDFG')).toBe('BCDF-G');
});
