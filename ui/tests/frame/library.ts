// Albums of real pictures, as a family has them: wide, upright and very wide ones, some with words under them.
import type { OpenAlbum, ShelfAlbum, Slide } from '../../src/lib/api/gen/types';
import { slide, type Bridge } from './bridge';

type Locale = 'ko' | 'en';

/** Files of the fixtures, and their size when upright. */
const PICTURES = [
  ['landscape_1.jpg', 810, 540],
  ['portrait_1.jpg', 540, 810],
  ['webp.webp', 810, 540],
  ['gps.jpg', 810, 540],
  ['landscape_2.jpg', 810, 540],
  ['portrait_3.jpg', 540, 810],
  ['png.png', 480, 320],
  ['landscape_3.jpg', 1_620, 540],
  ['portrait_6.jpg', 540, 810],
  ['landscape_6.jpg', 810, 540],
] as const;

const CAPTIONS: Record<Locale, string[]> = {
  ko: ['할머니와 바닷가에서', '', '', '민지가 처음 자전거를 탄 날', '', '', '온 가족이 모여서 김장하던 날, 손이 시려도 웃음이 끊이지 않았던 1987년 겨울', ''],
  en: ['By the sea with grandmother', '', '', 'Minji’s first ride on a bicycle', '', '', 'The day we all made kimchi together: cold hands, and laughing all the time, in the winter of 1987', ''],
};
const TITLES: Record<Locale, string[]> = {
  ko: ['제주 여행', '민지가 태어나던 해', '할머니 생신', '2024년 여름 방학에 온 가족이 다녀온 모든 곳', '김장하던 날'],
  en: ['Jeju', 'The year Minji was born', 'Grandmother’s birthday', 'Everywhere the whole family went in the summer of 2024', 'Making kimchi'],
};

export function photos(bridge: Bridge, count: number, locale: Locale = 'en', prefix = 'p'): Slide[] {
  return Array.from({ length: count }, (_, index) => {
    const [file, width, height] = PICTURES[(index * 7 + Math.floor(index / 10)) % PICTURES.length] ?? PICTURES[0];
    bridge.pictures.set(`${prefix}${index}`, file);
    return slide(`${prefix}${index}`, { width, height, caption: CAPTIONS[locale][index % 8] ?? '' });
  });
}

/** Puts one album on the shelf, and makes it the one that opens. */
export function oneAlbum(bridge: Bridge, slides: Slide[], fields: Partial<OpenAlbum> = {}): OpenAlbum {
  const album = { id: 'album-1', title: 'Jeju', slides, last_open: null, ...fields };
  bridge.album = album;
  bridge.albums = [{ id: album.id, title: album.title, cover_photo_id: slides[0]?.photo_id ?? null, photo_count: slides.length }];
  return album;
}

export function shelfOf(bridge: Bridge, count: number, locale: Locale = 'en'): ShelfAlbum[] {
  photos(bridge, 10, locale, 'cover');
  bridge.albums = Array.from({ length: count }, (_, index) => ({
    id: `shelf-${index}`,
    title: (TITLES[locale][index % 5] ?? '') + (index < 5 ? '' : ` ${index + 1}`),
    cover_photo_id: index === 4 ? null : `cover${index % 10}`,
    photo_count: (index * 37) % 211,
  }));
  return bridge.albums;
}
