import { expect, test } from 'vitest';
import { deviceOf } from './device';

test('a phone is told from a laptop', () => {
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
  const laptop = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0';
  expect(deviceOf(iphone)).toEqual({ browser: 'Safari', system: 'iPhone' });
  expect(deviceOf(laptop)).toEqual({ browser: 'Edge', system: 'Windows' });
});

test('a program that is no browser is not given a false name', () => {
  expect(deviceOf('curl/8.1')).toBeUndefined();
});
