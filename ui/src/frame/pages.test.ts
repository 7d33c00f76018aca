// Every photo is on exactly one page, whole, in order, and where it was yesterday.
import { expect, test } from 'vitest';
import { layPages, type LaidPage, type Shape, type Sheet } from './pages';

const LYING: Sheet = { width: 70, height: 94, hand: 6.6, line: 8 };
const UPRIGHT: Sheet = { width: 106, height: 150, hand: 6.6, line: 8 };
const LARGER: Sheet = { width: 70, height: 94, hand: 7.9, line: 9.4 };
const SHEETS = [LYING, UPRIGHT, LARGER];

const shape = (ratio: number, caption = ''): Shape => ({ width: ratio * 1000, height: 1000, caption });
const LANDSCAPE = shape(1.5);
const PORTRAIT = shape(2 / 3);
const PANORAMA = shape(4);

/** Reproducible shapes and captions of every kind. */
function mixed(count: number, seed = 1): Shape[] {
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, () => shape(0.3 + random() ** 2 * 5, random() < 0.4 ? '가'.repeat(random() * 70) : ''));
}

const counts = (pages: LaidPage[]) => pages.map(({ places }) => places.length);

test('an empty album has no pages', () => {
  expect(layPages([], LYING)).toEqual([]);
});

test('two photos taken across lie one above the other', () => {
  const [page] = layPages([LANDSCAPE, LANDSCAPE], LYING);
  const [above, below] = page?.places ?? [];
  expect(above && below && below.y >= above.y + above.height).toBe(true);
});

test('an upright photo alone fills its page', () => {
  const place = layPages([PORTRAIT], LYING)[0]?.places[0];
  expect(place && place.width * place.height).toBeGreaterThan(0.8 * LYING.width * LYING.height);
});

test('a wide photo goes above two upright ones', () => {
  expect(counts(layPages([LANDSCAPE, PORTRAIT, PORTRAIT, PANORAMA], LYING))[0]).toBe(3);
});

test('a panorama has the whole width, and is high enough for a thumb', () => {
  const place = layPages([PANORAMA], LYING)[0]?.places[0];
  expect(place?.width).toBeCloseTo(LYING.width);
  expect(place?.height).toBeGreaterThanOrEqual(20);
});

test('an album of upright photos is not the same page again and again', () => {
  expect(new Set(counts(layPages(Array<Shape>(40).fill(PORTRAIT), LYING))).size).toBeGreaterThan(1);
});

test('a photo is cut only when it is wider or taller than a print can be', () => {
  for (const ratio of [0.4, 0.7, 1, 1.5, 3]) {
    const place = layPages([shape(ratio)], LYING)[0]?.places[0];
    expect(place && place.width / place.height).toBeCloseTo(ratio);
  }
});

test('a short caption has one line, a long one has more, and none has none', () => {
  const lines = (caption: string) => layPages([shape(1.5, caption)], LYING)[0]?.places[0]?.lines;
  expect(lines('')).toBe(0);
  expect(lines('바닷가에서')).toBe(1);
  expect(lines('온 가족이 모여서 김장하던 날, 손이 시려도 웃음이 끊이지 않았다')).toBeGreaterThan(1);
});

for (const sheet of SHEETS) {
  test.each([1, 2, 3, 7, 50, 500])(`%i photos are all there, once and in order, on ${sheet.width} mm with lines of ${sheet.line}`, (count) => {
    const pages = layPages(mixed(count), sheet);
    expect(pages.flatMap(({ first, places }) => places.map((_, index) => first + index))).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(counts(pages).every((photos) => photos >= 1 && photos <= 4)).toBe(true);
  });

  test(`nothing hangs over the paper of ${sheet.width} mm with lines of ${sheet.line}, or over another print`, () => {
    for (const { places } of layPages(mixed(500), sheet)) {
      for (const place of places) {
        expect(place.x).toBeGreaterThanOrEqual(-0.01);
        expect(place.x + place.width).toBeLessThanOrEqual(sheet.width + 0.01);
        expect(place.y + place.height + place.lines * sheet.line).toBeLessThanOrEqual(sheet.height + 0.01);
        expect(Math.min(place.width, place.height)).toBeGreaterThanOrEqual(20);
      }
      expect(places.filter((a) => places.some((b) => a !== b && overlap(a, b)))).toEqual([]);
    }
  });

  test(`pages stay as they are when photos are added, on ${sheet.width} mm with lines of ${sheet.line}`, () => {
    const all = mixed(120, 7);
    const whole = layPages(all, sheet);
    for (let count = 1; count < all.length; count++) {
      const certain = layPages(all.slice(0, count), sheet).filter(({ first }) => first + 3 < count);
      expect(certain).toEqual(whole.slice(0, certain.length));
    }
  });
}

test('the same photos are laid the same way', () => {
  expect(layPages(mixed(200), LYING)).toEqual(layPages(mixed(200), LYING));
});

test('a photo of unknown size is laid like a usual one', () => {
  expect(layPages([{ width: 0, height: 0, caption: '' }], LYING)).toEqual(layPages([LANDSCAPE], LYING));
});

function overlap(a: LaidPage['places'][number], b: LaidPage['places'][number]): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
