// The language people read, and its dictionary.
//
// `t()` is read inside templates, so that switching the language re-renders what is on the screen.
import { en } from '$locales/en';
import { ko } from '$locales/ko';
import type { Locale } from './api/gen/types';

export type Dictionary = typeof en;

const dictionaries: Record<Locale, Dictionary> = { en, ko };
const STORAGE_KEY = 'picup.locale';

let current = $state<Locale>(initialLocale());

/** The dictionary of the language in use: `{t().common.save}`. */
export function t(): Dictionary {
  return dictionaries[current];
}

export function locale(): Locale {
  return current;
}

/** Switches the language, remembers it on this device, and tells the browser for hyphenation and voices. */
export function setLocale(next: Locale): void {
  current = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // A browser that keeps nothing (private mode, a kiosk's web view) asks the server's setting again next time.
  }
}

/** The BCP 47 tag for `Intl`. */
export function intlLocale(): string {
  return current === 'ko' ? 'ko-KR' : 'en-GB';
}

function initialLocale(): Locale {
  try {
    const kept = localStorage.getItem(STORAGE_KEY);
    if (kept === 'ko' || kept === 'en') return kept;
  } catch {
    // As above.
  }
  const wanted = typeof navigator === 'undefined' ? 'ko' : navigator.language;
  return wanted.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
