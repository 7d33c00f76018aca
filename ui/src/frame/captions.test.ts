import { expect, test } from 'vitest';
import type { Said, Slide } from '$lib/api/gen/types';
import { captionLines, hasTalk, newestSaid } from './captions';

const slide = (fields: Partial<Slide> = {}): Slide => ({
  photo_id: 'a',
  kind: 'still',
  width: 600,
  height: 800,
  caption: '',
  people: [],
  taken_at: { local: '2026-11-25T10:00:00', precision: 'day', offset: null },
  hearted: false,
  is_new: false,
  sent_by: null,
  mat: '#e6ddcc',
  focus: { x: 0.5, y: 0.5 },
  said: [],
  beside: null,
  ...fields,
});
const unknown = { local: '2026-11-25T10:00:00', precision: 'unknown', offset: null } as const;
const said = (comment_id: string, at: string): Said => ({ comment_id, author: 'Minji', text: comment_id, at, voice: false });
const lines = (of: Slide) => captionLines(of, '2026-11-26', 'en');

test('a caption tells what, when, from whom and whether it is loved', () => {
  expect(lines(slide({ caption: 'By the sea', is_new: true, sent_by: 'Minji', hearted: true }))).toEqual([
    { photoId: 'a', words: 'By the sea', date: 'yesterday', isNew: true, sender: 'Minji', hearted: true },
  ]);
});

test('nothing is written where nothing is known', () => {
  expect(lines(slide({ taken_at: unknown }))).toEqual([]);
  expect(lines(slide({ taken_at: unknown, beside: slide({ photo_id: 'b', taken_at: unknown }) }))).toEqual([]);
  expect(lines(slide({ taken_at: unknown, hearted: true }))).toHaveLength(1);
});

test('a pair of one day shares a line, two that differ have one each', () => {
  expect(lines(slide({ beside: slide({ photo_id: 'b' }) }))).toHaveLength(1);
  expect(lines(slide({ caption: 'Grandmother', beside: slide({ photo_id: 'b' }) })).map(({ words }) => words)).toEqual(['Grandmother', '']);
  expect(lines(slide({ beside: slide({ photo_id: 'b', hearted: true }) })).map(({ hearted }) => hearted)).toEqual([true]);
});

test('the newest two words of both photos are shown, the newest last', () => {
  const first = slide({ said: [said('old', '2026-11-01T00:00:00Z'), said('newest', '2026-11-20T00:00:00Z')] });
  expect(newestSaid({ ...first, beside: slide({ said: [said('newer', '2026-11-10T00:00:00Z')] }) }).map((it) => it.comment_id)).toEqual(['newer', 'newest']);
  expect(newestSaid(slide())).toEqual([]);
  expect(newestSaid({ ...slide(), said: undefined as unknown as Said[] })).toEqual([]);
});

test('there is talk under a picture somebody speaks of, and under a video', () => {
  expect(hasTalk(slide())).toBe(false);
  expect(hasTalk(slide({ kind: 'video' }))).toBe(true);
  expect(hasTalk(slide({ beside: slide({ said: [said('x', '2026-11-01T00:00:00Z')] }) }))).toBe(true);
});
