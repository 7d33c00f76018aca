import { expect, test } from 'vitest';
import { addressOf, listedBy, withPhoto } from './address';

test('a list is found again by its address', () => {
  for (const listed of ['all', 'hearted', 'hidden', 'proposed'] as const) {
    const only = new URL(addressOf(listed), 'http://album').searchParams.get('only');
    expect(listedBy(only)).toBe(listed);
  }
  expect(listedBy('nonsense')).toBe('all');
});

test('a photo opens over the list it is in', () => {
  expect(withPhoto('/', 'p1')).toBe('/?photo=p1');
  expect(withPhoto('/?only=hidden', 'p1')).toBe('/?only=hidden&photo=p1');
  expect(withPhoto('/albums/a', 'p1')).toBe('/albums/a?photo=p1');
});
