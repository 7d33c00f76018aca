// Puts dates into the words of a language, never more exactly than they are known.
//
// Pure: the language and the present are arguments.
import { en } from '$locales/en';
import { ko } from '$locales/ko';
import type { Locale, Precision, TakenAt } from './api/gen/types';

const tag = (locale: Locale) => (locale === 'ko' ? 'ko-KR' : 'en-GB');
const words = (locale: Locale) => (locale === 'ko' ? ko : en);

/** `2024-05-01T10:00:00` as if it were UTC, so that no browser's zone can move it to another day. */
function asUtc(local: string): Date {
  return new Date(`${local.slice(0, 19)}Z`);
}

/** One is made for each way of writing a date: an album of two thousand photos writes as many. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(tag(locale), { ...options, timeZone: 'UTC' });
  formats.set(key, known);
  return known.format(date);
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

/** The calendar day of this browser's own zone, `2026-11-26`: the present, as `plainDateWords` takes it. */
export function localDay(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * When a photo was taken as one says it at a table: `last Sunday`, `summer 1987`; empty where nothing is known.
 *
 * `today` is a calendar day, `2026-11-26`; null where the clock cannot be trusted, and then no word depends on it.
 */
export function plainDateWords(takenAt: TakenAt, today: string | null, locale: Locale): string {
  const then = asUtc(takenAt.local);
  if (takenAt.precision === 'unknown' || Number.isNaN(then.getTime())) return '';
  const now = today === null ? null : asUtc(`${today}T00:00:00`);
  const known = now !== null && daysBetween(then, now) >= 0 ? now : null;
  const plain = known && wordsFromToday(then, known, takenAt.precision, locale);
  if (plain) return plain;
  return takenAt.precision === 'month' ? seasonWords(then, format(then, locale, { year: 'numeric' }), locale) : takenAtWords(takenAt, locale);
}

/** What is said of a day that is past or today; null where only the calendar says it. */
function wordsFromToday(then: Date, today: Date, precision: Precision, locale: Locale): string | null {
  const say = words(locale).dates;
  const years = today.getUTCFullYear() - then.getUTCFullYear();
  const year = [say.thisYear, say.lastYear][years];
  if (precision === 'year') return year ?? null;
  if (precision === 'decade') return null;
  if (precision === 'month') return monthFromToday(then, today, locale) ?? (year ? seasonWords(then, year, locale) : null);
  return dayFromToday(then, today, locale) ?? lastMonth(then, today, locale);
}

function dayFromToday(then: Date, today: Date, locale: Locale): string | null {
  const say = words(locale).dates;
  const days = daysBetween(then, today);
  const near = [say.today, say.yesterday, say.dayBeforeYesterday][days];
  if (near) return near;
  const weekday = format(then, locale, { weekday: 'long' });
  const monday = (today.getUTCDay() + 6) % 7;
  if (days <= monday) return say.thisWeek(weekday);
  if (days <= monday + 7) return days < 7 ? say.lastWeek(weekday) : say.lastWeekLongAgo(weekday);
  const sameDay = then.getUTCMonth() === today.getUTCMonth() && then.getUTCDate() === today.getUTCDate();
  return sameDay ? say.yearsAgoToday(today.getUTCFullYear() - then.getUTCFullYear()) : null;
}

function monthFromToday(then: Date, today: Date, locale: Locale): string | null {
  return monthsBetween(then, today) === 0 ? words(locale).dates.thisMonth : lastMonth(then, today, locale);
}

function lastMonth(then: Date, today: Date, locale: Locale): string | null {
  return monthsBetween(then, today) === 1 ? words(locale).dates.lastMonth : null;
}

/** A month is told by its season, but for January and February: their winter belongs to two years. */
function seasonWords(then: Date, year: string, locale: Locale): string {
  const month = then.getUTCMonth();
  if (month < 2) return format(then, locale, { year: 'numeric', month: 'long' });
  const season = (['spring', 'summer', 'autumn', 'winter'] as const)[Math.floor((month - 2) / 3)] ?? 'winter';
  return words(locale).dates.season[season](year);
}

/** Calendar days from one to the other, whatever the hours. */
function daysBetween(then: Date, today: Date): number {
  const day = (date: Date) => Math.floor(date.getTime() / 86_400_000);
  return day(today) - day(then);
}

function monthsBetween(then: Date, today: Date): number {
  return (today.getUTCFullYear() - then.getUTCFullYear()) * 12 + today.getUTCMonth() - then.getUTCMonth();
}

/** What a clock on the wall says, in this browser's own zone: `3:24 pm`. Not from `Intl`: old ones say `PM 3:24` in Korean. */
export function clockWords(now: Date, locale: Locale): string {
  const time = `${now.getHours() % 12 || 12}:${String(now.getMinutes()).padStart(2, '0')}`;
  const say = words(locale).dates;
  return now.getHours() < 12 ? say.beforeNoon(time) : say.afterNoon(time);
}

/** What a calendar on the wall says: `Thursday 26 November`. */
export function calendarWords(now: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(tag(locale), { weekday: 'long', month: 'long', day: 'numeric' }).format(now);
}

/** The time of day in this browser's own zone, `14:32`. */
export function clockTimeWords(timestamp: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tag(locale), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(timestamp));
}

/** A day of a calendar, with its year where it is known: `26 November`. */
export function birthdayWords({ year, month, day }: { year: number | null; month: number; day: number }, locale: Locale): string {
  // A year of its own is shown; a leap year stands in for one that is not known, so that every day exists.
  const date = new Date(Date.UTC(year ?? 2000, month - 1, day));
  return format(date, locale, { year: year === null ? undefined : 'numeric', month: 'long', day: 'numeric' });
}

/** January to December. */
export function monthNames(locale: Locale): string[] {
  return Array.from({ length: 12 }, (_, index) => format(new Date(Date.UTC(2000, index, 1)), locale, { month: 'long' }));
}
