// The one sound that is on: a voice note, or a video's own. Never two.

import { Countdown } from './countdown';

/** More than the longest voice the server takes. */
export const LONGEST_VOICE_MS = 300_000;

export type Sound = { kind: 'video' } | { kind: 'voice'; commentId: string };

export class Sounding {
  on = $state.raw<Sound | null>(null);
  /** A voice that neither ends nor fails would hold its photo for ever. */
  readonly #givenUp = new Countdown(LONGEST_VOICE_MS, () => this.stop());

  get video(): boolean {
    return this.on?.kind === 'video';
  }

  get voice(): string | null {
    return this.on?.kind === 'voice' ? this.on.commentId : null;
  }

  toggleVideo(): void {
    this.#put(this.video ? null : { kind: 'video' });
  }

  toggleVoice(commentId: string): void {
    this.#put(this.voice === commentId ? null : { kind: 'voice', commentId });
  }

  stop(): void {
    this.#put(null);
  }

  #put(on: Sound | null): void {
    this.on = on;
    if (this.voice !== null) this.#givenUp.start();
    else this.#givenUp.stop();
  }
}
