// Names for those in a picture.
//
// Pure. The server holds the same bounds; here they only spare a person a refusal.
import type { Photo } from '$lib/api/gen/types';

/** In one picture. */
export const MAX_PEOPLE = 20;
export const MAX_NAME = 40;
const SUGGESTIONS = 6;

/** A server that is older than this page, while it is updated, names nobody. */
export function peopleOf(photo: Omit<Photo, 'people'> & { people?: string[] }): string[] {
  return photo.people ?? [];
}

/** What is typed goes on after the last comma; all before it are whole names. */
export function cut(typed: string): { names: string[]; rest: string } {
  const parts = typed.split(/[,，、]/);
  return { rest: (parts.pop() ?? '').trimStart(), names: parts };
}

/** Each once, in the order they were named; none that is empty or too long. */
export function withNames(people: readonly string[], named: readonly string[]): string[] {
  // A name copied on a Mac may have its syllables in parts, and would be there twice.
  const whole = named.map((name) => name.trim().normalize('NFC'));
  const sound = whole.filter((name) => name !== '' && !isTooLong(name));
  return [...new Set([...people, ...sound])].slice(0, MAX_PEOPLE);
}

/** In characters as the server counts them. */
export function isTooLong(name: string): boolean {
  return [...name.trim()].length > MAX_NAME;
}

/** Known names that go on as what is typed, and are not in the picture yet. */
export function suggestions(known: readonly string[], people: readonly string[], typed: string): string[] {
  const begun = typed.trim().toLowerCase();
  return known.filter((name) => !people.includes(name) && name.toLowerCase().includes(begun)).slice(0, SUGGESTIONS);
}

/** `people` in front: who was named last is likely in the next picture too. */
export function usedLast(people: readonly string[], before: readonly string[]): string[] {
  return [...new Set([...people, ...before])];
}
