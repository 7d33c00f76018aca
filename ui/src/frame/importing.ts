// How far taking in photos is, as a person understands it.
//
// Pure.
import type { InboxStatus, PauseReason } from '$lib/api/gen/types';

export type ImportStage =
  | { kind: 'idle' }
  /** `copying`: not on the frame yet, so the stick must stay; `share`: 0 to 1 of the whole import. */
  | { kind: 'working'; copying: number; sending: number; share: number }
  | { kind: 'paused'; because: PauseReason };

export function importStage(inbox: InboxStatus): ImportStage {
  const left = inbox.waiting + inbox.sending;
  if (left === 0) return { kind: 'idle' };
  if (inbox.paused_because) return { kind: 'paused', because: inbox.paused_because };
  return { kind: 'working', copying: inbox.waiting, sending: inbox.sending, share: inbox.sent / (inbox.sent + left) };
}
