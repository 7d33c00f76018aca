// What is written under a picture, and what the family says of it.
//
// Pure: the day and the language are arguments. Two photos about which the same is known share one line.
import type { Locale, Said, Slide } from '$lib/api/gen/types';
import { plainDateWords } from '$lib/dates';

/** How many of the family's words there is room for. */
const SAID = 2;

export interface Line {
  photoId: string;
  words: string;
  /** In plain words; empty where it is not known. */
  date: string;
  isNew: boolean;
  sender: string | null;
  hearted: boolean;
}

/** `today` as `plainDateWords` takes it. */
export function captionLines(slide: Slide, today: string | null, locale: Locale): Line[] {
  const photos = slide.beside ? [slide, slide.beside] : [slide];
  const [first, second] = photos.map((photo) => lineOf(photo, today, locale));
  if (!first) return [];
  if (!second) return saysSomething(first) ? [first] : [];
  if (!isCommon(first, second)) return [first, second];
  const common = { ...first, hearted: first.hearted || second.hearted };
  return saysSomething(common) ? [common] : [];
}

function lineOf(photo: Slide, today: string | null, locale: Locale): Line {
  return {
    photoId: photo.photo_id,
    words: photo.caption,
    date: plainDateWords(photo.taken_at, today, locale),
    isNew: photo.is_new,
    sender: photo.sent_by ?? null,
    hearted: photo.hearted,
  };
}

/** A heart does not part them: two lines that differ in nothing else would only be read twice. */
function isCommon(one: Line, other: Line): boolean {
  return (['words', 'date', 'isNew', 'sender'] as const).every((part) => one[part] === other[part]);
}

function saysSomething(line: Line): boolean {
  return line.words !== '' || line.date !== '' || line.isNew || line.hearted;
}

/** The newest words about a picture, or about both of a pair, the newest last. */
export function newestSaid(slide: Slide): Said[] {
  const said = [...(slide.said ?? []), ...(slide.beside?.said ?? [])];
  return said.sort((one, other) => one.at.localeCompare(other.at)).slice(-SAID);
}

export function hasVideo(slide: Slide): boolean {
  return slide.kind === 'video' || slide.beside?.kind === 'video';
}

/** Whether there is more under the picture than a caption. */
export function hasTalk(slide: Slide): boolean {
  return hasVideo(slide) || newestSaid(slide).length > 0;
}
