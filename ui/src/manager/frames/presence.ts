// Whether a frame can be counted on just now.
//
// Pure: the present is an argument. A frame tells of itself once a minute.
import type { Frame } from '$lib/api/gen/types';

export type Presence = 'never' | 'here' | 'away';

const SILENT_AFTER_MS = 3 * 60_000;

export function presenceOf(frame: Frame, now: Date): Presence {
  if (!frame.last_seen_at) return 'never';
  return now.getTime() - new Date(frame.last_seen_at).getTime() < SILENT_AFTER_MS ? 'here' : 'away';
}
