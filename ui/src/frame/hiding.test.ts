// A hidden photo comes back with one touch, whatever was asked of it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Slide } from '$lib/api/gen/types';
import type { Engine } from './engine';
import { Hiding, UNDO_MS } from './hiding.svelte';

const photo = { photo_id: 'a', beside: { photo_id: 'b' } } as Slide;

/** An engine that writes down what it is told, or refuses. */
function engineThat(refuses: string[] = []): { engine: Engine; told: string[] } {
  const told: string[] = [];
  const send = async (command: string, fields: { photo_id: string; on?: boolean }) => {
    if (refuses.includes(command)) throw new Error('away');
    told.push([command, fields.photo_id, fields.on].filter((part) => part !== undefined).join(' '));
    return null;
  };
  return { engine: { send } as unknown as Engine, told };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the notice stands for twelve seconds, and twelve anew when the children are asked', async () => {
  const hiding = new Hiding(engineThat().engine);
  await hiding.hide(photo);
  vi.advanceTimersByTime(UNDO_MS - 1);
  await hiding.askToDelete(photo);
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(hiding.notice?.asked).toBe(true);
  vi.advanceTimersByTime(1);
  expect(hiding.notice).toBeNull();
});

test('undo takes back all that was done, and only that', async () => {
  const { engine, told } = engineThat();
  const hiding = new Hiding(engine);
  await hiding.hide(photo);
  expect(await hiding.undo()).toEqual({ photo_id: 'a', beside: null });
  expect(told).toEqual(['hide a true', 'hide a false', 'show a']);
  told.length = 0;
  await hiding.askToDelete(photo);
  expect(told).toEqual(['hide a true', 'propose_removal a true']);
  told.length = 0;
  await hiding.undo();
  expect(told).toEqual(['propose_removal a false', 'hide a false', 'show a']);
  expect(await hiding.undo()).toBeNull();
});

test('an engine that refuses leaves the notice as true as it was', async () => {
  const refusing = new Hiding(engineThat(['hide']).engine);
  await expect(refusing.hide(photo)).rejects.toThrow();
  expect(refusing.notice).toBeNull();
  const silent = new Hiding(engineThat(['propose_removal']).engine);
  await expect(silent.askToDelete(photo)).rejects.toThrow();
  expect(silent.notice).toEqual({ photo, asked: false });
});
