// How a frame is, in plain words.
//
// Pure: a heartbeat and a dictionary in, lines to read out. A line that asks for care says what to do.
import type { Heartbeat, Locale } from '$lib/api/gen/types';
import { byteWords } from '$lib/bytes';
import type { Dictionary } from '$lib/i18n.svelte';

export interface HealthLine {
  what: string;
  says: string;
  /** What a child can do; only where something asks for care. */
  advice?: string;
}

/** A family frame's disk is nearly full below this; downloads stop there, the slideshow does not. */
const LOW_DISK_BYTES = 500_000_000;
/** A Raspberry Pi slows itself down at 80 degrees (its documentation, "Frequency management and thermal control"). */
const HOT_CELSIUS = 75;
/** The frame is built to stay below 250 MB. */
const MUCH_MEMORY_BYTES = 400_000_000;
const SESSION_SWITCHES = ['wlopm', 'wlr-randr', 'xset', 'xrandr'];
const TELEVISION_SWITCHES = ['cec-ctl', 'cec-client'];

export function isDiskLow(beat: Heartbeat): boolean {
  return beat.disk_free_bytes < LOW_DISK_BYTES;
}

export function healthOf(beat: Heartbeat, t: Dictionary, locale: Locale): HealthLine[] {
  const words = t.manager.care.health;
  const bytes = (count: number) => byteWords(count, locale);
  const lines: (HealthLine | undefined)[] = [
    { what: words.rest, says: beat.asleep ? words.asleep : words.awake },
    arrivals(beat, t),
    setAside(beat, t),
    { what: words.cached, says: `${t.common.photos(beat.photos_cached)} · ${bytes(beat.cache_bytes)}` },
    {
      what: words.disk,
      says: words.diskFree(bytes(beat.disk_free_bytes)),
      advice: isDiskLow(beat) ? words.diskLow : undefined,
    },
    temperature(beat, t),
    memory(beat, t, bytes),
    { what: words.panel, says: panelWords(beat.panel_switch, t) },
    { what: words.size, says: words.pixels(beat.panel_width, beat.panel_height) },
    { what: words.version, says: beat.version },
    beat.last_error ? { what: words.lastError, says: beat.last_error, advice: words.lastErrorAdvice } : undefined,
  ];
  return lines.filter((line) => line !== undefined);
}

function arrivals(beat: Heartbeat, t: Dictionary): HealthLine {
  const words = t.manager.care.health;
  return { what: words.queue, says: beat.inbox_waiting === 0 ? words.queueEmpty : words.queueOf(beat.inbox_waiting) };
}

function setAside(beat: Heartbeat, t: Dictionary): HealthLine | undefined {
  const words = t.manager.care.health;
  if (beat.inbox_set_aside === 0) return undefined;
  return { what: words.setAside, says: words.setAsideOf(beat.inbox_set_aside), advice: words.setAsideAdvice };
}

function temperature(beat: Heartbeat, t: Dictionary): HealthLine | undefined {
  if (beat.temperature_celsius === null) return undefined;
  const words = t.manager.care.health;
  const hot = beat.temperature_celsius >= HOT_CELSIUS;
  return {
    what: words.temperature,
    says: words.degrees(Math.round(beat.temperature_celsius), hot),
    advice: hot ? words.hotAdvice : undefined,
  };
}

function memory(beat: Heartbeat, t: Dictionary, bytes: (count: number) => string): HealthLine | undefined {
  if (beat.memory_bytes === null) return undefined;
  const words = t.manager.care.health;
  const much = beat.memory_bytes > MUCH_MEMORY_BYTES;
  return { what: words.memory, says: bytes(beat.memory_bytes), advice: much ? words.memoryAdvice : undefined };
}

function panelWords(method: string | null, t: Dictionary): string {
  const words = t.manager.care.health.panelBy;
  if (method === null) return words.none;
  if (SESSION_SWITCHES.includes(method)) return words.session(method);
  if (TELEVISION_SWITCHES.includes(method)) return words.television(method);
  if (method === 'ddcutil') return words.monitor(method);
  return words.other(method);
}
