// A frame's nights as a child sets them: never, the same for every day, or each weekday on its own.
//
// Pure. A plan keeps the times of days that are switched off, so that nothing typed is lost while choosing.
import type { Night, TimeOfDay, Weekday } from '$lib/api/gen/types';

export type HowOften = 'never' | 'same' | 'each';
export type NightFault = 'missing' | 'whole_day';

/** Empty while a time is being typed. */
export interface Hours {
  from: TimeOfDay;
  until: TimeOfDay;
}

export interface NightOfWeek extends Hours {
  day: Weekday;
  on: boolean;
}

export interface NightPlan {
  howOften: HowOften;
  every: Hours;
  /** Monday to Sunday. */
  week: NightOfWeek[];
}

export const WEEK: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const FIRST_OFFERED: Hours = { from: '22:00', until: '07:00' };
const MINUTES_A_DAY = 24 * 60;

export function planOf(nights: readonly Night[]): NightPlan {
  const week = WEEK.map((day) => {
    const night = nights.find((each) => each.day === day);
    const { from, until } = night ?? nights[0] ?? FIRST_OFFERED;
    return { day, on: night !== undefined || nights.length === 0, from, until };
  });
  const { from, until } = nights[0] ?? FIRST_OFFERED;
  const alike = week.every((night) => night.on && night.from === from && night.until === until);
  return { howOften: nights.length === 0 ? 'never' : alike ? 'same' : 'each', every: { from, until }, week };
}

export function nightsOf(plan: NightPlan): Night[] {
  if (plan.howOften === 'never') return [];
  if (plan.howOften === 'same') return WEEK.map((day) => ({ day, from: plan.every.from, until: plan.every.until }));
  return plan.week.filter((night) => night.on).map(({ day, from, until }) => ({ day, from, until }));
}

/** The plan with another choice of how often; what was set for every day is where each day begins. */
export function changedTo(howOften: HowOften, plan: NightPlan): NightPlan {
  if (plan.howOften === 'same' && howOften === 'each') {
    return { ...plan, howOften, week: plan.week.map((night) => ({ ...night, ...plan.every, on: true })) };
  }
  const first = plan.week.find((night) => night.on);
  if (plan.howOften === 'each' && howOften === 'same' && first) {
    return { ...plan, howOften, every: { from: first.from, until: first.until } };
  }
  return { ...plan, howOften };
}

export function faultOf({ from, until }: Hours): NightFault | undefined {
  if (from === '' || until === '') return 'missing';
  return from === until ? 'whole_day' : undefined;
}

export function isPlanSound(plan: NightPlan): boolean {
  return nightsOf(plan).every((night) => faultOf(night) === undefined);
}

/** Minutes from `from` to `until`, which is the next day's when it is not later. */
export function minutesBetween({ from, until }: Hours): number {
  const length = (minutesOf(until) - minutesOf(from) + MINUTES_A_DAY) % MINUTES_A_DAY;
  return length === 0 ? MINUTES_A_DAY : length;
}

export function endsNextDay({ from, until }: Hours): boolean {
  return minutesOf(until) <= minutesOf(from);
}

function minutesOf(time: TimeOfDay): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
