import { expect, test } from 'vitest';
import type { Said, Slide } from '$lib/api/gen/types';
import { captionLines, hasTalk, isDeep, newestSaid, peopleWords, writtenUnder } from './captions';

const slide = (fields: Partial<Slide> = {}): Slide => ({
  photo_id: 'a',
  kind: 'still',
  width: 600,
  height: 800,
  caption: '',
  people: [],
  place: null,
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
    { photoId: 'a', words: 'By the sea', about: 'yesterday', isNew: true, sender: 'Minji', hearted: true },
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

test('who, when and where are one line, broken after a dot or a comma only', () => {
  const photo = slide({ people: ['민지', '준호'], place: '제주시', taken_at: { local: '1987-07-01T00:00:00', precision: 'month', offset: null } });
  const [line] = captionLines(photo, '2026-11-26', 'ko');
  expect(line?.about.replaceAll('\u00a0', ' ')).toBe('민지, 준호 · 1987년 여름 · 제주시');
  expect(line?.about.split(' ')).toEqual(['민지,', '준호\u00a0·', '1987년\u00a0여름\u00a0·', '제주시']);
  expect(lines(slide({ taken_at: unknown, place: 'Paris, France' })).map(({ about }) => about)).toEqual(['Paris, France']);
  expect(lines({ ...slide(), people: undefined as unknown as string[], place: undefined as unknown as null })[0]?.about).toBe('yesterday');
});

test('names are said as a person would say them', () => {
  expect(peopleWords([], 'en')).toBe('');
  expect(peopleWords(['Minji'], 'en')).toBe('Minji');
  expect(peopleWords(['Minji', 'Joon'], 'en')).toBe('Minji and Joon');
  expect(peopleWords(['Minji', 'Joon', 'Grandmother'], 'en')).toBe('Minji, Joon and Grandmother');
  expect(peopleWords(['Minji', 'Joon', 'Hana', 'Jihoon', 'Sora'], 'en')).toBe('Minji, Joon, Hana and 2 more');
  expect(peopleWords(['민지', '준호', '하나'], 'ko')).toBe('민지, 준호, 하나');
  expect(peopleWords(['민지', '준호', '하나', '지훈', '소라'], 'ko')).toBe('민지, 준호, 하나 외 2명');
});

test('long names leave room for the others to be counted only', () => {
  const long = 'A name of forty letters, which is allowed';
  expect(peopleWords([long, 'Minji'], 'en')).toBe(`${long} and 1 more`);
  expect(peopleWords(['외할머니와외할아버지', '큰고모할머니와고모부', '민지'], 'ko')).toBe('외할머니와외할아버지 외 2명');
});

test('a pair of one place shares its line, two places are told apart', () => {
  const jeju = { people: ['Minji'], place: 'Jeju' };
  expect(lines(slide({ ...jeju, beside: slide({ photo_id: 'b', ...jeju }) }))).toHaveLength(1);
  expect(lines(slide({ ...jeju, beside: slide({ photo_id: 'b', ...jeju, place: 'Busan' }) }))).toHaveLength(2);
  expect(lines(slide({ ...jeju, beside: slide({ photo_id: 'b', ...jeju, people: [] }) }))).toHaveLength(2);
});

test('a mat has a deeper foot for a picture of which much is known', () => {
  const much = { people: ['Grandmother', 'Minji', 'Joon'], place: 'Los Angeles, United States' };
  expect(isDeep(slide({ caption: 'By the sea', place: 'Jeju' }), 'en')).toBe(false);
  expect(isDeep(slide(much), 'en')).toBe(true);
  const photo: Partial<Slide> = { people: ['민지', '준호'], place: '제주시', taken_at: { local: '1987-07-01T00:00:00', precision: 'month', offset: null } };
  expect(isDeep(slide({ ...photo, beside: slide({ photo_id: 'b', ...photo, place: '부산' }) }), 'ko')).toBe(false);
  expect(isDeep(slide({ ...photo, caption: '할머니와 바닷가에서', beside: slide({ photo_id: 'b' }) }), 'ko')).toBe(true);
  expect(isDeep(slide({ place: 'Jeju', beside: slide({ photo_id: 'b', place: '로스앤젤레스, 미국' }) }), 'ko')).toBe(true);
});

test('under a print its caption is written, else who and where, and never a date alone', () => {
  const taken = { local: '1987-07-01T00:00:00', precision: 'month', offset: null } as const;
  expect(writtenUnder(slide({ caption: 'By the sea', place: 'Jeju' }), 'en')).toBe('By the sea');
  expect(writtenUnder(slide({ place: 'Jeju', taken_at: taken }), 'en')).toBe('summer 1987 · Jeju');
  expect(writtenUnder(slide({ people: ['민지'], taken_at: unknown }), 'ko')).toBe('민지');
  expect(writtenUnder(slide({ taken_at: taken }), 'en')).toBe('');
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
