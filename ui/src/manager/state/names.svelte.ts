// The names a family has used for those in its pictures: they need not be typed again.
import type { Photo } from '$lib/api/gen/types';
import { families } from '../seam/api';
import { peopleOf, usedLast } from '../photos/people';

let used = $state.raw<string[]>([]);
let seen = $state.raw<string[]>([]);
let birthdays = $state.raw<string[]>([]);
let family: string | undefined;

/** The name used last is the first; then those of the photos on the page, and of birthdays. */
export function knownNames(): string[] {
  return usedLast(used, usedLast(seen, birthdays));
}

/** Without the birthdays there are only fewer suggestions. */
export async function readNames(familyId: string): Promise<void> {
  if (family !== familyId) [family, used, birthdays] = [familyId, [], []];
  const noted = await families.birthdays(familyId).catch(() => []);
  if (family === familyId) birthdays = noted.map(({ name }) => name);
}

export function noteUsed(people: readonly string[]): void {
  used = usedLast(people, used);
}

/** A name that was taken away may have been a slip. */
export function forget(name: string): void {
  used = used.filter((each) => each !== name);
}

/** The photos of the list that is open. */
export function noteSeen(photos: readonly Photo[]): void {
  seen = [...new Set(photos.flatMap(peopleOf))];
}
