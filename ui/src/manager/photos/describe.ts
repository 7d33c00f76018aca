// Tells in words what a picture is, for those who hear the page.
import type { Locale, Photo } from '$lib/api/gen/types';
import { takenAtWords } from '$lib/dates';
import { peopleOf } from './people';

export function describe(photo: Photo, locale: Locale): string {
  const when = takenAtWords(photo.taken_at, locale);
  return [photo.caption, ...peopleOf(photo), when].filter((part) => part !== '').join(', ');
}
