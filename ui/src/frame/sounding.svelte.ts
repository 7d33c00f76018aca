// The one sound that is on: a voice note, or a video's own. Never two.

export type Sound = { kind: 'video' } | { kind: 'voice'; commentId: string };

export class Sounding {
  on = $state.raw<Sound | null>(null);

  get video(): boolean {
    return this.on?.kind === 'video';
  }

  get voice(): string | null {
    return this.on?.kind === 'voice' ? this.on.commentId : null;
  }

  toggleVideo(): void {
    this.on = this.video ? null : { kind: 'video' };
  }

  toggleVoice(commentId: string): void {
    this.on = this.voice === commentId ? null : { kind: 'voice', commentId };
  }

  stop(): void {
    this.on = null;
  }
}
