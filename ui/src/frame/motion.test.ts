// A photo moves toward what matters in it, and never so far that its edge is seen.
import { expect, test } from 'vitest';
import { motionToward } from './motion';

const parts = [0, 0.2, 0.46, 0.5, 0.54, 0.8, 1];

test('no edge is seen at any moment, wherever the focus is', () => {
  for (const x of parts) {
    for (const y of parts) {
      const motion = motionToward({ x, y }, 10);
      for (let share = 0; share <= 1; share += 0.05) {
        const beyond = (share * (motion.scale - 1)) / 2;
        expect(Math.abs(share * motion.x)).toBeLessThanOrEqual(beyond + 1e-9);
        expect(Math.abs(share * motion.y)).toBeLessThanOrEqual(beyond + 1e-9);
      }
    }
  }
});

test('the focus comes nearer to the middle, or stays on the edge it lies on', () => {
  for (const x of parts.filter((part) => part !== 0.5)) {
    const motion = motionToward({ x, y: 0.5 }, 10);
    const end = Math.abs((x - 0.5) * motion.scale + motion.x);
    if (x > 0 && x < 1) expect(end, String(x)).toBeLessThan(Math.abs(x - 0.5));
    else expect(end).toBeCloseTo(0.5);
  }
});

test('lasts as long as the photo is on, but not for an hour', () => {
  expect(motionToward({ x: 0.5, y: 0.5 }, 10)).toMatchObject({ milliseconds: 11_400, steps: 285 });
  expect(motionToward({ x: 0.5, y: 0.5 }, 3600).milliseconds).toBe(45_000);
});

test('an engine that names no focus moves into the middle', () => {
  expect(motionToward(undefined, 10)).toMatchObject({ x: 0, y: 0 });
  expect(motionToward({ x: Number.NaN, y: 2 }, 10)).toMatchObject({ x: 0 });
});
