// Tells in words what a picture is, for those who hear the page.
import type { Locale, Photo } from '$lib/api/gen/types';
import { takenAtWords } from '$lib/dates';

export function describe(photo: Photo, locale: Locale): string {
  const when = takenAtWords(photo.taken_at, locale);
  return photo.caption === '' ? when : `${photo.caption}, ${when}`;
}
