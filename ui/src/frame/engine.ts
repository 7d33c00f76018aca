// The one seam between the screen and the frame's engine.
//
// Two faces of the same command list: the kiosk window (Tauri) and the loopback bridge (HTTP). The screen never
// knows which it talks to.
import type { OpenAlbum, ScreenCommand, ScreenEvent, ScreenStatus, ShelfAlbum, Slide } from '$lib/api/gen/types';

/** What each command answers. */
export interface Answers {
  status: ScreenStatus;
  current: Slide | null;
  next: Slide | null;
  previous: Slide | null;
  show: null;
  pause: null;
  resume: null;
  heart: Slide;
  albums: ShelfAlbum[];
  open_album: OpenAlbum;
  panel: null;
  shown: null;
  failed: null;
  turned_to: null;
  hide: null;
  propose_removal: null;
  stay: null;
  touched: null;
}

export type CommandName = ScreenCommand['command'];
export type Fields<C extends CommandName> = Omit<Extract<ScreenCommand, { command: C }>, 'command'>;

export interface Engine {
  /** Whether the page is the frame's own window, which has no pointer and no keyboard to speak of. */
  readonly isWindow: boolean;
  /** Rejects when the engine is away or will not; the caller keeps what is on the screen. */
  send<C extends CommandName>(command: C, ...fields: keyof Fields<C> extends never ? [] : [Fields<C>]): Promise<Answers[C]>;
  /** Hears every event until the returned function is called. `connected` tells when the stream comes and goes. */
  listen(hear: (event: ScreenEvent) => void, connected: (connected: boolean) => void): () => void;
  photoUrl(photoId: string): string;
  /** Where a video can be played from, or null where only its poster can be shown. */
  videoUrl(photoId: string): string | null;
  /** Where a voice note can be heard, or null where nothing can be played. */
  voiceUrl(commentId: string): string | null;
}

/** The engine of this page: Tauri's where its window put one, else the bridge that served the page. */
export async function connectEngine(): Promise<Engine> {
  if ('__TAURI_INTERNALS__' in window) {
    const { WindowEngine } = await import('./engine/window');
    return new WindowEngine();
  }
  const { BridgeEngine } = await import('./engine/bridge');
  return new BridgeEngine();
}
