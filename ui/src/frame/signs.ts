// Which troubles are told in the corner.
//
// Pure. What an import says of itself is not said twice.
import type { ScreenStatus } from '$lib/api/gen/types';
import { isKnown, type KnownTrouble } from '$lib/troubles';

/** `connected`: whether the screen hears the engine at all. */
export function troublesTold(status: ScreenStatus, connected: boolean): KnownTrouble[] {
  const away = !connected || !status.sync.online;
  const known = (status.troubles ?? []).filter(isKnown);
  const all = away && !known.includes('offline') ? [...known, 'offline' as const] : known;
  return all.filter((trouble) => trouble !== toldByImport(status));
}

/** The trouble an import waits for, which tells it in its own words. */
export function toldByImport({ inbox }: ScreenStatus): KnownTrouble | null {
  const waits = inbox.waiting + inbox.sending > 0;
  return waits ? inbox.paused_because : null;
}
