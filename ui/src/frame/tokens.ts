// The colours of the page's tokens, for what is reckoned from them.
import { parseHex, type Rgb } from '$lib/contrast';
import { matFor, type Ink, type InkName, type Mat } from './mat';

const BLACK: Rgb = [0, 0, 0];
let read: { paper: Rgb; inks: Record<InkName, Ink> } | null = null;

/** The mat of a photo, with the page's own inks. */
export function matOf(wanted: string): Mat {
  read ??= readTokens();
  return matFor(wanted, read.paper, read.inks);
}

function readTokens(): { paper: Rgb; inks: Record<InkName, Ink> } {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string) => parseHex(styles.getPropertyValue(name)) ?? BLACK;
  return {
    paper: token('--mat'),
    inks: {
      dark: { words: token('--ink'), heart: token('--heart') },
      light: { words: token('--room-ink'), heart: token('--room-heart') },
    },
  };
}
