// Birthdays the frame congratulates on.
//
// Pure: today is an argument. A birthday on 29 February is kept on 1 March of other years, as the frame does.
import type { Birthday } from '$lib/api/gen/types';

/** A calendar day in this browser's zone. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;

export const MONTHS = DAYS_OF_MONTHS.map((_, index) => index + 1);

/** February has 29: whoever was born on that day is asked for no other. */
export function daysOf(month: number): number[] {
  return Array.from({ length: DAYS_OF_MONTHS[month - 1] ?? 31 }, (_, index) => index + 1);
}

export function isLeapDay(birthday: Pick<Birthday, 'month' | 'day'>): boolean {
  return birthday.month === 2 && birthday.day === 29;
}

/** Whether there was such a day; 29 February is only in leap years. */
export function exists({ year, month, day }: { year: number | null; month: number; day: number }): boolean {
  if (!daysOf(month).includes(day)) return false;
  return year === null || !isLeapDay({ month, day }) || isLeapYear(year);
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days until it is kept again; 0 today. */
export function daysUntil(birthday: Birthday, today: Day): number {
  const now = Date.UTC(today.year, today.month - 1, today.day);
  const kept = keptOn(birthday, today.year);
  const next = kept >= now ? kept : keptOn(birthday, today.year + 1);
  return Math.round((next - now) / DAY_MS);
}

/** How old they become at the next one; undefined without a year. */
export function turns(birthday: Birthday, today: Day): number | undefined {
  if (birthday.year === null) return undefined;
  const kept = keptOn(birthday, today.year);
  const passed = kept < Date.UTC(today.year, today.month - 1, today.day);
  return today.year + (passed ? 1 : 0) - birthday.year;
}

/** The next one first. */
export function inOrder(birthdays: readonly Birthday[], today: Day): Birthday[] {
  return birthdays.toSorted((a, b) => daysUntil(a, today) - daysUntil(b, today) || a.name.localeCompare(b.name));
}

export function today(now: Date): Day {
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}

function keptOn({ month, day }: Birthday, year: number): number {
  return isLeapDay({ month, day }) && !isLeapYear(year) ? Date.UTC(year, 2, 1) : Date.UTC(year, month - 1, day);
}
