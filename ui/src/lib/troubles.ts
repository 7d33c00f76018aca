// The numbers a parent can read from the frame and a child can look up.
//
// Rule: a number is never given to another trouble; families write them down.
import type { Trouble } from './api/gen/types';

export const TROUBLE_NUMBERS: Readonly<Record<Exclude<Trouble, 'unknown'>, number>> = {
  offline: 11,
  clock_unset: 12,
  disk_full: 21,
  server_full: 22,
};

export type KnownTrouble = keyof typeof TROUBLE_NUMBERS;

/** Whether this version knows what to say of it. */
export function isKnown(trouble: Trouble): trouble is KnownTrouble {
  return trouble in TROUBLE_NUMBERS;
}
