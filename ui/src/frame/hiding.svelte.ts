// Taking a photo out of the slideshow, or asking the children to delete it, and bringing it back as long as the notice
// stands.
//
// Rule: the notice says what the engine has done, never what it might do; one button takes back all that was done.
import type { Slide } from '$lib/api/gen/types';
import { Countdown } from './countdown';
import type { Engine } from './engine';

export const UNDO_MS = 12_000;

export interface Hidden {
  photo: Slide;
  /** The children are asked to delete it. */
  asked: boolean;
}

export class Hiding {
  notice = $state.raw<Hidden | null>(null);
  readonly #engine: Engine;
  readonly #goes = new Countdown(UNDO_MS, () => (this.notice = null));

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async hide(photo: Slide): Promise<void> {
    await this.#engine.send('hide', { photo_id: photo.photo_id, on: true });
    this.#say({ photo, asked: false });
  }

  /** It is hidden as well: who asks for that does not want to meet it again meanwhile. */
  async askToDelete(photo: Slide): Promise<void> {
    await this.hide(photo);
    await this.#engine.send('propose_removal', { photo_id: photo.photo_id, on: true });
    this.#say({ photo, asked: true });
  }

  /** Answers the photo that is back; null where there was none to bring back. */
  async undo(): Promise<Slide | null> {
    const hidden = this.notice;
    if (!hidden) return null;
    const photo_id = hidden.photo.photo_id;
    if (hidden.asked) await this.#engine.send('propose_removal', { photo_id, on: false });
    await this.#engine.send('hide', { photo_id, on: false });
    this.forget();
    await this.#engine.send('show', { photo_id });
    return { ...hidden.photo, beside: null };
  }

  forget(): void {
    this.#goes.stop();
    this.notice = null;
  }

  #say(hidden: Hidden): void {
    this.notice = hidden;
    this.#goes.start();
  }
}
