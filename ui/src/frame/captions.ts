// What is written under a picture, and what the family says of it.
//
// Pure: the day and the language are arguments. Two photos about which the same is known share one line.
import type { Locale, Said, Slide } from '$lib/api/gen/types';
import { plainDateWords } from '$lib/dates';
import { en } from '$locales/en';
import { ko } from '$locales/ko';

/** How many of the family's words there is room for. */
const SAID = 2;
/** How many names are written out, and how long they may be together; in letters as wide as they are high. */
const [NAMES, NAMES_WIDTH] = [3, 20];
/** Lines about a photo wider than this are written smaller: alone, and where half the panel is their room. */
const [WIDE, WIDE_IN_HALF] = [36, 18];
/** Beside the words, around a sender's name. */
const AROUND_SENDER = 9;
/** A caption and what is told of its photo find room beside each other, and how much larger a caption is. */
const [BESIDE, CAPTION] = [22, 1.2];
const UNBROKEN_SPACE = '\u00a0';

export interface Line {
  photoId: string;
  words: string;
  /** Who, when and where, in plain words; empty where nothing of it is known. */
  about: string;
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
    about: aboutWords(photo, today, locale),
    isNew: photo.is_new,
    sender: photo.sent_by ?? null,
    hearted: photo.hearted,
  };
}

/** `Minji and Joon · summer 1987 · Jeju`. A line breaks after a dot or a comma only. `today` as `plainDateWords` takes it. */
export function aboutWords(photo: Slide, today: string | null, locale: Locale): string {
  return aboutParts(photo, today, locale).map(unbroken).join(`${UNBROKEN_SPACE}· `);
}

function unbroken(words: string): string {
  return words.replaceAll(' ', UNBROKEN_SPACE).replaceAll(`,${UNBROKEN_SPACE}`, ', ');
}

function aboutParts(photo: Slide, today: string | null, locale: Locale): string[] {
  const parts = [peopleWords(photo.people ?? [], locale), plainDateWords(photo.taken_at, today, locale), photo.place ?? ''];
  return parts.filter((part) => part !== '');
}

/** The first of them as a person would say it, and how many more there are. */
export function peopleWords(people: readonly string[], locale: Locale): string {
  let count = Math.min(NAMES, people.length);
  while (count > 1 && widthOf(people.slice(0, count).join()) > NAMES_WIDTH) count--;
  return (locale === 'ko' ? ko : en).slideshow.people(people.slice(0, count), people.length - count);
}

/** About how long words are, in letters as wide as they are high: a Korean letter is one. */
export function widthOf(words: string): number {
  return Array.from(words).reduce((width, letter) => width + (letter > '\u2e7f' ? 1 : 0.52), 0);
}

/** What is written by hand under a print: its caption, else who and where, with the date, which stays the same there. */
export function writtenUnder(photo: Slide, locale: Locale): string {
  if (photo.caption !== '') return photo.caption;
  const isKnown = (photo.people ?? []).length > 0 || (photo.place ?? '') !== '';
  return isKnown ? aboutParts(photo, null, locale).join(' · ') : '';
}

export function isWide(line: Line, inHalf: boolean): boolean {
  const width = widthOf(line.about) + (line.isNew ? widthOf(line.sender ?? '') + AROUND_SENDER : 0);
  return width > (inHalf ? WIDE_IN_HALF : WIDE);
}

/** Whether there is so much to write under it that a mat needs a deeper foot. Never changes while the picture is on. */
export function isDeep(slide: Slide, locale: Locale): boolean {
  const lines = captionLines(slide, null, locale);
  const inHalf = lines.length > 1;
  return lines.some((line) => isWide({ ...line, isNew: false }, inHalf) || (inHalf && !fitsBeside(line)));
}

/** As the two of a pair that lie one above the other write it. */
function fitsBeside({ words, about }: Line): boolean {
  return words === '' || widthOf(words) * CAPTION + widthOf(about) <= BESIDE;
}

/** A heart does not part them: two lines that differ in nothing else would only be read twice. */
function isCommon(one: Line, other: Line): boolean {
  return (['words', 'about', 'isNew', 'sender'] as const).every((part) => one[part] === other[part]);
}

function saysSomething(line: Line): boolean {
  return line.words !== '' || line.about !== '' || line.isNew || line.hearted;
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
