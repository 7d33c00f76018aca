// The order in which pictures reach the screen.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Slide } from '$lib/api/gen/types';
import { FadeQueue } from './fade';

const slide = (photo_id: string, hearted = false, beside: Slide | null = null): Slide => ({
  photo_id,
  kind: 'still',
  width: 1920,
  height: 1080,
  caption: '',
  people: [],
  place: null,
  taken_at: { local: '2024-05-01T10:00:00', precision: 'day', offset: null },
  hearted,
  is_new: false,
  sent_by: null,
  mat: '#e6ddcc',
  focus: { x: 0.5, y: 0.5 },
  said: [],
  beside,
});
const pair = (left: string, right: string) => slide(left, false, slide(right));

function darkroom() {
  const waiting = new Map<string, { done: (image: string) => void; broken: (error: Error) => void }>();
  const shown: string[] = [];
  const failed: string[] = [];
  const queue = new FadeQueue<string>({
    load: ({ photo_id }) => new Promise((done, broken) => waiting.set(photo_id, { done, broken })),
    show: (picture) => shown.push([picture.image, picture.beside].filter(Boolean).join(' | ') + (picture.slide.hearted ? '+heart' : '')),
    failed: ({ photo_id }) => failed.push(photo_id),
    patience: 15_000,
  });
  const decode = async (id: string) => {
    waiting.get(id)?.done(id);
    await vi.advanceTimersByTimeAsync(0);
  };
  const spoil = async (id: string) => {
    waiting.get(id)?.broken(new Error('not a picture'));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, shown, failed, decode, spoil, loads: () => waiting.size };
}

describe('the fade', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('waits until a picture is decoded', async () => {
    const { queue, shown, decode } = darkroom();
    void queue.show(slide('a'));
    expect(shown).toEqual([]);
    await decode('a');
    expect(shown).toEqual(['a']);
  });

  test('is empty until something is decoded, and again when that fails or is forgotten', async () => {
    const { queue, decode, spoil } = darkroom();
    expect(queue.isEmpty).toBe(true);
    void queue.show(slide('torn'));
    expect(queue.isEmpty).toBe(false);
    await spoil('torn');
    expect(queue.isEmpty).toBe(true);
    void queue.show(slide('a'));
    await decode('a');
    expect(queue.isEmpty).toBe(false);
    queue.clear();
    expect(queue.isEmpty).toBe(true);
    void queue.show(slide('b'));
    queue.clear();
    expect(queue.isEmpty).toBe(true);
  });

  test('drops a slow picture when a newer one was wished for', async () => {
    const { queue, shown, decode, failed } = darkroom();
    void queue.show(slide('slow'));
    void queue.show(slide('fast'));
    await decode('fast');
    await decode('slow');
    expect(shown).toEqual(['fast']);
    expect(failed).toEqual([]);
  });

  test('keeps the old picture and reports one that cannot be decoded', async () => {
    const { queue, shown, failed, decode, spoil } = darkroom();
    void queue.show(slide('a'));
    await decode('a');
    void queue.show(slide('torn'));
    await spoil('torn');
    expect(shown).toEqual(['a']);
    expect(failed).toEqual(['torn']);
  });

  test('gives up on a picture that never answers', async () => {
    const { queue, failed } = darkroom();
    void queue.show(slide('hanging'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(failed).toEqual(['hanging']);
  });

  test('does not load again what is already on, but takes its new heart', async () => {
    const { queue, shown, decode, loads } = darkroom();
    void queue.show(slide('a'));
    await decode('a');
    void queue.show(slide('a', true));
    expect(shown).toEqual(['a', 'a+heart']);
    expect(loads()).toBe(1);
  });

  test('shows the same photo anew after it was cleared', async () => {
    const { queue, shown, decode } = darkroom();
    void queue.show(slide('a'));
    await decode('a');
    queue.clear();
    void queue.show(slide('a'));
    await decode('a');
    expect(shown).toEqual(['a', 'a']);
  });

  test('waits until both of a pair are decoded', async () => {
    const { queue, shown, decode } = darkroom();
    void queue.show(pair('left', 'right'));
    await decode('left');
    expect(shown).toEqual([]);
    await decode('right');
    expect(shown).toEqual(['left | right']);
  });

  test('shows the first alone and reports the second when that one is torn', async () => {
    const { queue, shown, failed, decode, spoil } = darkroom();
    void queue.show(pair('left', 'torn'));
    await decode('left');
    await spoil('torn');
    expect(shown).toEqual(['left']);
    expect(failed).toEqual(['torn']);
  });

  test('keeps the old picture when the first of a pair is torn', async () => {
    const { queue, shown, failed, decode, spoil } = darkroom();
    void queue.show(pair('torn', 'right'));
    await decode('right');
    await spoil('torn');
    expect(shown).toEqual([]);
    expect(failed).toEqual(['torn']);
  });

  test('does not wait for a companion that never answers', async () => {
    const { queue, shown, failed, decode } = darkroom();
    void queue.show(pair('left', 'hanging'));
    await decode('left');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(shown).toEqual(['left']);
    expect(failed).toEqual(['hanging']);
  });

  test('is a new picture where the companion is another', async () => {
    const { queue, shown, decode } = darkroom();
    void queue.show(slide('left'));
    await decode('left');
    void queue.show(pair('left', 'right'));
    await decode('left');
    await decode('right');
    expect(shown).toEqual(['left', 'left | right']);
  });

  test('a change of what is on loads nothing, and before anything is on does nothing', async () => {
    const { queue, shown, decode, loads } = darkroom();
    queue.refresh((on) => ({ ...on, hearted: true }));
    void queue.show(pair('left', 'right'));
    await decode('left');
    await decode('right');
    queue.refresh((on) => ({ ...on, hearted: true }));
    expect(shown).toEqual(['left | right', 'left | right+heart']);
    expect(loads()).toBe(2);
  });
});
