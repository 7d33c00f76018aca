import { expect, test } from 'vitest';
import type { Slide } from '$lib/api/gen/types';
import { halfAt, photoOf, withChanged } from './halves';

const slide = (photo_id: string, beside: Slide | null = null, hearted = false): Slide => ({
  photo_id,
  kind: 'still',
  width: 600,
  height: 800,
  caption: '',
  people: [],
  place: null,
  taken_at: { local: '2024-05-01T10:00:00', precision: 'day', offset: null },
  hearted,
  is_new: false,
  sent_by: null,
  mat: '#e6ddcc',
  focus: { x: 0.5, y: 0.5 },
  said: [],
  beside,
});
const pair = slide('left', slide('right'));

test('a panel that lies has a left and a right half', () => {
  const panel = { width: 1280, height: 800 };
  expect(halfAt({ x: 639, y: 790 }, panel)).toBe('first');
  expect(halfAt({ x: 640, y: 10 }, panel)).toBe('second');
});

test('a panel that stands has an upper and a lower half', () => {
  const panel = { width: 1080, height: 1920 };
  expect(halfAt({ x: 1000, y: 900 }, panel)).toBe('first');
  expect(halfAt({ x: 10, y: 1000 }, panel)).toBe('second');
});

test('a photo alone is what was touched, wherever that was', () => {
  expect(photoOf(slide('alone'), 'second').photo_id).toBe('alone');
  expect(photoOf(pair, 'second').photo_id).toBe('right');
  expect(photoOf(pair, 'first').photo_id).toBe('left');
});

test('a heart reaches its own half only', () => {
  const left = withChanged(pair, slide('left', null, true));
  expect([left.hearted, left.beside?.hearted, left.beside?.photo_id]).toEqual([true, false, 'right']);
  const right = withChanged(pair, slide('right', slide('stranger'), true));
  expect([right.hearted, right.beside?.hearted, right.beside?.beside]).toEqual([false, true, null]);
  expect(withChanged(pair, slide('elsewhere', null, true))).toBe(pair);
});
