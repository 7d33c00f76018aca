import { expect, test } from 'vitest';
import { Sounding } from './sounding.svelte';

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
