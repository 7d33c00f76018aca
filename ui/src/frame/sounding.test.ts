import { expect, test, vi } from 'vitest';
import { LONGEST_VOICE_MS, Sounding } from './sounding.svelte';

test('a second touch ends a sound', () => {
  const sounding = new Sounding();
  sounding.toggleVideo();
  expect(sounding.video).toBe(true);
  sounding.toggleVideo();
  expect(sounding.on).toBeNull();
});

test('one sound takes the place of another', () => {
  const sounding = new Sounding();
  sounding.toggleVideo();
  sounding.toggleVoice('one');
  expect([sounding.video, sounding.voice]).toEqual([false, 'one']);
  sounding.toggleVoice('two');
  expect(sounding.voice).toBe('two');
  sounding.toggleVideo();
  expect([sounding.video, sounding.voice]).toEqual([true, null]);
  sounding.stop();
  expect(sounding.on).toBeNull();
});

test('a voice that never ends is given up, and cuts no sound that came after it', () => {
  vi.useFakeTimers();
  const sounding = new Sounding();
  sounding.toggleVoice('one');
  vi.advanceTimersByTime(LONGEST_VOICE_MS - 1);
  expect(sounding.voice).toBe('one');
  vi.advanceTimersByTime(1);
  expect(sounding.on).toBeNull();

  sounding.toggleVoice('two');
  sounding.toggleVideo();
  vi.advanceTimersByTime(LONGEST_VOICE_MS);
  expect(sounding.video).toBe(true);
  vi.useRealTimers();
});
