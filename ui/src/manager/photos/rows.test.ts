import { describe, expect, test } from 'vitest';
import type { Photo } from '$lib/api/gen/types';
import { rowsOf, sectionsOf, shapeOf } from './rows';

const photo = (id: string, width: number, height: number, local = '2024-05-01T10:00:00'): Photo =>
  ({ id, width, height, taken_at: { local, precision: 'exact', offset: null } }) as Photo;

describe('justified rows', () => {
  const photos = Array.from({ length: 23 }, (_, index) => photo(`${index}`, index % 3 ? 4000 : 3000, index % 3 ? 3000 : 4000));

  test('hold every photo once, in order, inside the width', () => {
    const { boxes, height } = rowsOf(photos, 1180);
    expect(boxes.map((box) => box.photo.id)).toEqual(photos.map((each) => each.id));
    for (const box of boxes) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(1180.5);
      expect(box.top + box.height).toBeLessThanOrEqual(height + 0.5);
    }
  });

  test('do not overlap', () => {
    const { boxes } = rowsOf(photos, 390);
    for (const [index, box] of boxes.entries()) {
      const next = boxes[index + 1];
      if (next && next.top === box.top) expect(next.left).toBeGreaterThanOrEqual(box.left + box.width);
    }
  });

  test('of no width, before the page is measured, are empty', () => {
    expect(rowsOf(photos, 0)).toEqual({ height: 0, boxes: [] });
  });
});

test('a photo the server has not measured yet is square, a panorama never a hairline', () => {
  expect(shapeOf(photo('a', 0, 0))).toBe(1);
  expect(shapeOf(photo('b', 20_000, 1_000))).toBeLessThan(3);
  expect(shapeOf(photo('c', 1_000, 65_535))).toBe(0.5);
});

test('months begin where the month changes, and undated photos have their own', () => {
  const undated = { ...photo('c', 1, 1), taken_at: { local: '2024-04-02T00:00:00', precision: 'unknown', offset: null } } as Photo;
  const sections = sectionsOf([photo('a', 1, 1), photo('b', 1, 1, '2024-04-30T23:59:00'), undated], 800);
  expect(sections.map((section) => section.month)).toEqual(['2024-05', '2024-04', 'unknown']);
});
