import { expect, test } from 'vitest';
import type { Frame } from '$lib/api/gen/types';
import { presenceOf } from './presence';

const now = new Date('2026-11-22T12:00:00Z');
const frame = (last_seen_at: string | null) => ({ last_seen_at, heartbeat: null }) as Frame;

test('a frame that spoke within three minutes is here', () => {
  expect(presenceOf(frame('2026-11-22T11:58:00Z'), now)).toBe('here');
  expect(presenceOf(frame('2026-11-22T11:50:00Z'), now)).toBe('away');
  expect(presenceOf(frame(null), now)).toBe('never');
});
