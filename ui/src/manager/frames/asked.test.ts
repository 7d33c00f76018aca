import { expect, test } from 'vitest';
import type { Frame, FrameAction } from '$lib/api/gen/types';
import { isNewPicture, willBeAsleep, willBePaused } from './asked';

const frame = (heartbeat: { asleep: boolean; paused: boolean } | null, ...kinds: FrameAction['kind'][]) =>
  ({ heartbeat, pending_commands: kinds.map((kind) => ({ action: { kind } })) }) as Frame;

test('the newest wish counts until the frame has told of itself', () => {
  expect(willBeAsleep(frame({ asleep: false, paused: false }, 'sleep'))).toBe(true);
  expect(willBeAsleep(frame({ asleep: false, paused: false }, 'sleep', 'next', 'wake'))).toBe(false);
  expect(willBePaused(frame({ asleep: false, paused: true }, 'resume', 'sleep'))).toBe(false);
});

test('without a wish the frame is as it said, and awake before it said anything', () => {
  expect(willBeAsleep(frame({ asleep: true, paused: false }, 'next'))).toBe(true);
  expect(willBeAsleep(frame(null))).toBe(false);
});

test('only a later picture is a new one', () => {
  expect(isNewPicture(null, null)).toBe(false);
  expect(isNewPicture(null, '2026-11-22T12:00:00Z')).toBe(true);
  expect(isNewPicture('2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z')).toBe(false);
  expect(isNewPicture('2026-11-22T12:00:00Z', '2026-11-22T12:00:01.5Z')).toBe(true);
});
