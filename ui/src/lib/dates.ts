// Puts dates into the words of a language, never more exactly than they are known.
//
// Pure: the language and the present are arguments.
import { en } from '$locales/en';
import { ko } from '$locales/ko';
import type { Locale, TakenAt } from './api/gen/types';

const tag = (locale: Locale) => (locale === 'ko' ? 'ko-KR' : 'en-GB');
const words = (locale: Locale) => (locale === 'ko' ? ko : en);

/** `2024-05-01T10:00:00` as if it were UTC, so that no browser's zone can move it to another day. */
function asUtc(local: string): Date {
  return new Date(`${local.slice(0, 19)}Z`);
}

function format(date: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(tag(locale), { ...options, timeZone: 'UTC' }).format(date);
}

/** When a photo was taken: `1 May 2024`, `May 2024`, `1980s`. */
export function takenAtWords(takenAt: TakenAt, locale: Locale): string {
  const date = asUtc(takenAt.local);
  if (takenAt.precision === 'unknown' || Number.isNaN(date.getTime())) return words(locale).common.dateUnknown;
  switch (takenAt.precision) {
    case 'exact':
    case 'day':
      return format(date, locale, { year: 'numeric', month: 'long', day: 'numeric' });
    case 'month':
      return format(date, locale, { year: 'numeric', month: 'long' });
    case 'year':
      return format(date, locale, { year: 'numeric' });
    case 'decade':
      return words(locale).common.decade(Math.floor(date.getUTCFullYear() / 10) * 10);
  }
}

/** A month heading from its key, `2024-05`. */
export function monthWords(month: string, locale: Locale): string {
  const date = asUtc(`${month}-01T00:00:00`);
  return Number.isNaN(date.getTime()) ? words(locale).common.dateUnknown : format(date, locale, { year: 'numeric', month: 'long' });
}

/** The month a photo is listed under. */
export function monthOf(takenAt: TakenAt): string {
  return takenAt.local.slice(0, 7);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, `5 minutes ago`; a little in the future (a clock ahead of ours) is also just now. */
export function agoWords(then: string, now: Date, locale: Locale): string {
  const seconds = (now.getTime() - new Date(then).getTime()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? [];
  if (!unit || !size) return words(locale).common.justNow;
  return new Intl.RelativeTimeFormat(tag(locale), { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
}

/** A day in this browser's own zone, for things people did here: comments, invitations, sessions. */
export function dayWords(timestamp: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tag(locale), { year: 'numeric', month: 'long', day: 'numeric' }).format(new Date(timestamp));
}

/** The time of day in this browser's own zone, `14:32`. */
export function clockTimeWords(timestamp: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tag(locale), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(timestamp));
}

/** A day of a calendar, with its year where it is known: `26 November`. */
export function calendarWords({ year, month, day }: { year: number | null; month: number; day: number }, locale: Locale): string {
  // A year of its own is shown; a leap year stands in for one that is not known, so that every day exists.
  const date = new Date(Date.UTC(year ?? 2000, month - 1, day));
  return format(date, locale, { year: year === null ? undefined : 'numeric', month: 'long', day: 'numeric' });
}

/** January to December. */
export function monthNames(locale: Locale): string[] {
  return Array.from({ length: 12 }, (_, index) => format(new Date(Date.UTC(2000, index, 1)), locale, { month: 'long' }));
}
