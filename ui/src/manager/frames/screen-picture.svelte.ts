// A picture of a frame's screen: asked for, waited for, fetched and shown.
//
// The frame answers within moments; its server then says that the frame has changed. Asking again and again
// meanwhile catches what a lost event would have told.
import type { Frame } from '$lib/api/gen/types';
import { frames } from '../seam/api';
import { readFrames } from '../state/household.svelte';
import { isNewPicture } from './asked';

const ASK_AGAIN_MS = 3_000;
const LATE_MS = 60_000;

export class ScreenPicture {
  waiting = $state(false);
  late = $state(false);
  shown = $state(false);
  /** An address of this page alone; undefined until it is fetched. */
  address = $state<string>();
  takenAt = $state<string>();

  #before: string | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];

  /** Waits for one that is newer than `known`. */
  wait(known: string | null): void {
    this.#stopWaiting();
    this.#before = known;
    this.waiting = true;
    this.late = false;
    this.#timers = [
      setInterval(() => void readFrames().catch(() => undefined), ASK_AGAIN_MS),
      setTimeout(() => ((this.late = true), this.#stopTimers()), LATE_MS),
    ];
  }

  /** Called with the frame as it is now; fetches the picture that was waited for. */
  async heed(familyId: string, frame: Frame): Promise<void> {
    if (!this.waiting || !isNewPicture(this.#before, frame.picture_at)) return;
    this.#stopWaiting();
    await this.show(familyId, frame);
  }

  async show(familyId: string, frame: Frame): Promise<void> {
    if (this.takenAt !== frame.picture_at || !this.address) {
      const picture = await frames.picture(familyId, frame.id);
      this.#forget();
      this.address = URL.createObjectURL(picture);
      this.takenAt = frame.picture_at ?? undefined;
    }
    this.shown = true;
  }

  stop(): void {
    this.#stopWaiting();
    this.#forget();
  }

  #stopWaiting(): void {
    this.#stopTimers();
    this.waiting = false;
    this.late = false;
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #forget(): void {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = undefined;
  }
}
