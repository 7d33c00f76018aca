import { expect, test } from 'vitest';
import type { Heartbeat } from '$lib/api/gen/types';
import { en } from '$locales/en';
import { ko } from '$locales/ko';
import { healthOf, isDiskLow } from './health';

const well: Heartbeat = {
  version: '0.1.0',
  now_showing: null,
  paused: false,
  inbox_waiting: 0,
  inbox_set_aside: 0,
  photos_cached: 812,
  cache_bytes: 1_300_000_000,
  disk_free_bytes: 21_000_000_000,
  temperature_celsius: 48.4,
  panel_width: 1920,
  panel_height: 1080,
  last_error: null,
  asleep: false,
  panel_switch: 'wlopm',
  memory_bytes: 180_000_000,
  troubles: [],
};

const read = (more: Partial<Heartbeat>, words = en) =>
  healthOf({ ...well, ...more }, words, words === en ? 'en' : 'ko').map(({ what, says }) => `${what}: ${says}`);
const advice = (more: Partial<Heartbeat>) =>
  healthOf({ ...well, ...more }, en, 'en').flatMap((line) => line.advice ?? []);

test('a frame that is well asks for nothing', () => {
  expect(advice({})).toEqual([]);
  expect(read({})).toEqual([
    'Screen: Awake',
    'Import: Nothing waiting',
    'On the frame: 812 photos · 1.3 GB',
    'Disk: 21 GB free',
    'Warmth: 48 °C, as it should be',
    'Memory: 180 MB',
    'At night: The screen is switched off (wlopm)',
    'Size: 1920 × 1080',
    'Version: 0.1.0',
  ]);
});

test.each([
  ['a nearly full disk', { disk_free_bytes: 499_999_999 }],
  ['a hot board', { temperature_celsius: 75 }],
  ['much memory', { memory_bytes: 400_000_001 }],
  ['files it could not take', { inbox_set_aside: 1 }],
  ['an error', { last_error: 'the server does not answer' }],
] as const)('%s comes with what to do', (_, more) => {
  expect(advice(more)).toHaveLength(1);
});

test('what a board cannot tell is left out', () => {
  const lines = read({ temperature_celsius: null, memory_bytes: null }).join('\n');
  expect(lines).not.toContain('Warmth');
  expect(lines).not.toContain('Memory');
});

test('how the panel is switched is said for every way there is', () => {
  const night = (panel_switch: string | null) => read({ panel_switch }).find((line) => line.startsWith('At night'));
  expect(night(null)).toBe('At night: The picture goes black; this screen cannot be switched off');
  expect(night('cec-client')).toBe('At night: The television is switched off (cec-client)');
  expect(night('ddcutil')).toBe('At night: The monitor is switched off over its cable (ddcutil)');
  expect(night('backlight')).toBe('At night: The screen is switched off (backlight)');
});

test('a sleeping frame is said to be asleep, in both languages', () => {
  expect(read({ asleep: true })[0]).toBe('Screen: Asleep, the screen is off');
  expect(read({ asleep: true }, ko)[0]).toBe('화면: 자고 있어요 (화면 꺼짐)');
});

test('a disk is low below half a gigabyte', () => {
  expect(isDiskLow(well)).toBe(false);
  expect(isDiskLow({ ...well, disk_free_bytes: 1 })).toBe(true);
});
