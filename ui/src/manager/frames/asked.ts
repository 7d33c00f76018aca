// What a frame was asked to do and has not told of yet.
//
// Pure. A frame acknowledges within moments and tells of itself once a minute; until then the newest wish counts.
import type { Frame, FrameAction } from '$lib/api/gen/types';

const RESTING: ReadonlySet<FrameAction['kind']> = new Set(['sleep', 'wake']);
const GOING: ReadonlySet<FrameAction['kind']> = new Set(['pause', 'resume']);

export function willBeAsleep(frame: Frame): boolean {
  const wish = newest(frame, RESTING);
  return wish ? wish === 'sleep' : (frame.heartbeat?.asleep ?? false);
}

export function willBePaused(frame: Frame): boolean {
  const wish = newest(frame, GOING);
  return wish ? wish === 'pause' : (frame.heartbeat?.paused ?? false);
}

/** Whether a picture came that was taken after the one known before. */
export function isNewPicture(before: string | null, now: string | null): boolean {
  return now !== null && (before === null || Date.parse(now) > Date.parse(before));
}

function newest(frame: Frame, kinds: ReadonlySet<FrameAction['kind']>): FrameAction['kind'] | undefined {
  return frame.pending_commands.findLast((command) => kinds.has(command.action.kind))?.action.kind;
}
