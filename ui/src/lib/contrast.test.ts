// Every pair of ink and ground the frame uses can be read by old eyes: 7:1, on the tokens as they are written.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AAA, contrast, GRAPHIC, luminance, mix, parseHex, toHex, type Rgb } from './contrast';

const css = readFileSync(resolve(import.meta.dirname, 'tokens.css'), 'utf8');
const WHITE: Rgb = [255, 255, 255];

/** A token's colour; one that lets through, as it looks over a white photo, the worst there is under a light ink. */
function token(name: string): Rgb {
  const written = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1] ?? '';
  const veil = /rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)/.exec(written);
  if (veil) return mix(WHITE, [Number(veil[1]), Number(veil[2]), Number(veil[3])], Number(veil[4]));
  const colour = parseHex(written);
  if (!colour) throw new Error(`--${name} is no colour: ${written}`);
  return colour;
}

describe('a contrast', () => {
  test('of black on white is 21, of a colour on itself 1', () => {
    expect(contrast([0, 0, 0], WHITE)).toBeCloseTo(21);
    expect(contrast([10, 200, 30], [10, 200, 30])).toBe(1);
    expect(contrast(WHITE, [0x76, 0x76, 0x76])).toBeCloseTo(4.54, 2);
  });

  test('is of colours as they are written', () => {
    expect(parseHex('#0a141e')).toEqual([10, 20, 30]);
    expect(toHex([10, 20, 30])).toBe('#0a141e');
    for (const text of ['', 'red', '#fff', '#12345g', undefined as unknown as string]) expect(parseHex(String(text))).toBeNull();
    expect(luminance(WHITE)).toBeCloseTo(1);
  });
});

describe("the frame's tokens", () => {
  const papers = ['paper', 'paper-raised', 'paper-sunk', 'mat'];
  const text = [
    ...papers.flatMap((paper) => [['ink', paper], ['ink-soft', paper]]),
    ['accent', 'paper'],
    ['accent', 'paper-raised'],
    ['on-accent', 'accent'],
    ['on-accent', 'accent-hover'],
    ['room-ink', 'room'],
    ['room-ink-soft', 'room'],
    ['room-ink', 'room-veil'],
  ];
  const pictograms = [['heart', 'paper-raised'], ['heart', 'paper-sunk'], ['heart', 'mat'], ['room-heart', 'room-veil'], ['room-accent', 'room-veil'], ['accent', 'paper-sunk']];

  test.each(text)('text in %s on %s reaches 7:1', (ink = '', ground = '') => {
    expect(contrast(token(ink), token(ground))).toBeGreaterThanOrEqual(AAA);
  });

  test.each(pictograms)('a pictogram in %s on %s reaches 3:1', (ink = '', ground = '') => {
    expect(contrast(token(ink), token(ground))).toBeGreaterThanOrEqual(GRAPHIC);
  });
});
