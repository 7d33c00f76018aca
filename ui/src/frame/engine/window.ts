// The engine behind the kiosk window: one Tauri command, one Tauri event, pictures by custom scheme.
//
// Rule: the only file that imports `@tauri-apps`.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { ScreenEvent } from '$lib/api/gen/types';
import type { Answers, CommandName, Engine } from '../engine';
import { withinPanel } from './within';

declare global {
  interface Window {
    /** Put there by the kiosk before the page loads. */
    readonly picupVideos?: { readonly base: string; readonly token: string };
  }
}

export class WindowEngine implements Engine {
  readonly isWindow = true;

  send<C extends CommandName>(command: C, ...fields: unknown[]): Promise<Answers[C]> {
    return invoke<Answers[C]>('screen', { command: { command, ...(fields[0] as object | undefined) } });
  }

  listen(hear: (event: ScreenEvent) => void, connected: (connected: boolean) => void): () => void {
    const listening = listen<ScreenEvent>('screen', (event) => hear(event.payload));
    void listening.then(() => connected(true));
    return () => void listening.then((stop) => stop());
  }

  photoUrl(photoId: string): string {
    return `photo://localhost/${photoId}?${withinPanel()}`;
  }

  videoUrl(photoId: string): string | null {
    const videos = window.picupVideos;
    return videos ? `${videos.base}/video/${photoId}?token=${videos.token}` : null;
  }

  voiceUrl(commentId: string): string | null {
    const videos = window.picupVideos;
    return videos ? `${videos.base}/voice/${commentId}?token=${videos.token}` : null;
  }
}
