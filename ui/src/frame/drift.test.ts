// What stands still moves a little, slowly, and never far.
import { expect, test } from 'vitest';
import { driftAt, driftStyle } from './drift';

const HOUR_MS = 3_600_000;
const far = ({ x, y }: { x: number; y: number }) => Math.hypot(x, y);

test('is never more than a millimetre away', () => {
  for (let at = 0; at < 3 * HOUR_MS; at += 5_000) expect(far(driftAt(at))).toBeLessThanOrEqual(1);
});

test('is too slow to be seen: less than a tenth of a millimetre in five seconds', () => {
  for (let at = 0; at < HOUR_MS; at += 5_000) {
    const [now, soon] = [driftAt(at), driftAt(at + 5_000)];
    expect(far({ x: soon.x - now.x, y: soon.y - now.y })).toBeLessThan(0.1);
  }
});

test('reaches every side within a quarter of an hour', () => {
  const seen = Array.from({ length: 180 }, (_, step) => driftAt(step * 5_000));
  for (const side of [(it: { x: number }) => it.x, (it: { x: number }) => -it.x]) expect(Math.max(...seen.map(side))).toBeGreaterThan(0.6);
  for (const side of [(it: { y: number }) => it.y, (it: { y: number }) => -it.y]) expect(Math.max(...seen.map(side))).toBeGreaterThan(0.6);
});

test("is told in whole pixels of the panel", () => {
  expect(driftStyle({ x: 0.5, y: -0.5 }, 5.9, 1)).toBe('3px -3px');
  expect(driftStyle({ x: 0.5, y: 0 }, 5.9, 2)).toBe('3px 0px');
});
