import { expect, test } from 'vitest';
import type { ScreenStatus } from '$lib/api/gen/types';
import { TROUBLE_NUMBERS } from '$lib/troubles';
import { toldByImport, troublesTold } from './signs';

const idle = { waiting: 0, sending: 0, sent: 0, set_aside: [], paused_because: null };
const status = (fields: Partial<ScreenStatus>): ScreenStatus => ({
  state: 'showing',
  pairing: null,
  now_showing: null,
  inbox: idle,
  sync: { online: true, photos_wanted: 1, photos_cached: 1, downloads_paused_because: null },
  settings: { seconds_per_photo: 10, fill: 'blur', locale: 'ko', motion: false, clock: true, larger_text: false },
  paused: false,
  asleep: false,
  brightness: 100,
  clock_is_set: true,
  birthdays: [],
  troubles: [],
  version: '1',
  ...fields,
});

test('the gravest comes first, and one of a newer frame is left out', () => {
  expect(troublesTold(status({ troubles: ['disk_full', 'unknown', 'clock_unset'] }), true)).toEqual(['disk_full', 'clock_unset']);
});

test('a network that is gone is told once, by whoever noticed', () => {
  expect(troublesTold(status({ troubles: ['offline'] }), false)).toEqual(['offline']);
  expect(troublesTold(status({}), false)).toEqual(['offline']);
  expect(troublesTold(status({ sync: { online: false, photos_wanted: 1, photos_cached: 1, downloads_paused_because: null } }), true)).toEqual(['offline']);
});

test('an import that waits tells its trouble itself', () => {
  const waiting = status({ troubles: ['disk_full', 'offline'], inbox: { ...idle, waiting: 3, paused_because: 'disk_full' } });
  expect(troublesTold(waiting, true)).toEqual(['offline']);
  expect(toldByImport(waiting)).toBe('disk_full');
  expect(toldByImport(status({ inbox: { ...idle, paused_because: 'disk_full' } }))).toBeNull();
});

test('every trouble has a number of its own', () => {
  expect(TROUBLE_NUMBERS).toEqual({ offline: 11, clock_unset: 12, disk_full: 21, server_full: 22 });
});
