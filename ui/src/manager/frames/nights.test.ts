import { describe, expect, test } from 'vitest';
import type { Night } from '$lib/api/gen/types';
import { changedTo, endsNextDay, faultOf, isPlanSound, minutesBetween, nightsOf, planOf, WEEK } from './nights';

const night = (day: Night['day'], from = '22:00', until = '07:00'): Night => ({ day, from, until });

describe('nights as they are kept become a plan, and back', () => {
  const kept: [string, Night[], string][] = [
    ['no night', [], 'never'],
    ['one for every day', WEEK.map((day) => night(day, '21:30', '06:45')), 'same'],
    ['longer on weekends', WEEK.map((day) => night(day, '22:00', day === 'saturday' ? '09:00' : '07:00')), 'each'],
    ['some days only', [night('monday'), night('sunday', '00:30', '08:00')], 'each'],
  ];
  test.each(kept)('%s', (_, nights, howOften) => {
    const plan = planOf(nights);
    expect(plan.howOften).toBe(howOften);
    expect(nightsOf(plan)).toEqual(nights);
  });
});

test('two nights of one day become one, as the frame keeps them', () => {
  expect(nightsOf(planOf([night('monday'), night('monday', '13:00', '14:00')]))).toEqual([night('monday')]);
});

test('a frame that never slept is offered ten in the evening until seven, every day', () => {
  expect(nightsOf(changedTo('same', planOf([])))).toEqual(WEEK.map((day) => night(day)));
});

test('each day begins with what was set for every day', () => {
  const same = { ...planOf([]), howOften: 'same' as const, every: { from: '20:00', until: '06:00' } };
  expect(nightsOf(changedTo('each', same))).toEqual(WEEK.map((day) => night(day, '20:00', '06:00')));
});

test('every day begins with the first day that was asleep', () => {
  const each = planOf([night('wednesday', '23:00', '08:00')]);
  expect(nightsOf(changedTo('same', each))[0]).toEqual(night('monday', '23:00', '08:00'));
});

test('choosing never and coming back loses no time that was set', () => {
  const nights = [night('friday', '23:30', '09:00')];
  expect(nightsOf(changedTo('each', changedTo('never', planOf(nights))))).toEqual(nights);
});

test('a night has a length, and often ends the next day', () => {
  expect(minutesBetween({ from: '22:00', until: '07:00' })).toBe(540);
  expect(minutesBetween({ from: '13:00', until: '14:30' })).toBe(90);
  expect(endsNextDay({ from: '22:00', until: '07:00' })).toBe(true);
  expect(endsNextDay({ from: '13:00', until: '14:30' })).toBe(false);
});

test('a night without a time, or of a whole day, is not saved', () => {
  expect(faultOf({ from: '', until: '07:00' })).toBe('missing');
  expect(faultOf({ from: '07:00', until: '07:00' })).toBe('whole_day');
  const plan = planOf([night('monday', '07:00', '07:00')]);
  expect(isPlanSound(plan)).toBe(false);
  expect(isPlanSound(changedTo('never', plan))).toBe(true);
});
