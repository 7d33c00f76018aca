// The blurred stand-in shown until a picture has loaded.
import { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string>();
const MOST = 2_000;

/** A `url(…)` for a base64 thumbhash, or undefined where there is none or it is damaged. */
export function placeholderOf(thumbhash: string | null): string | undefined {
  if (!thumbhash) return undefined;
  const known = made.get(thumbhash);
  if (known) return known;
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    const url = `url(${thumbHashToDataURL(bytes)})`;
    if (made.size >= MOST) made.clear();
    made.set(thumbhash, url);
    return url;
  } catch {
    return undefined;
  }
}
