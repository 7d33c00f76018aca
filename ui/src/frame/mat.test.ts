// Whatever colour a photo lends its mat, the caption on it can be read.
import { expect, test } from 'vitest';
import { AAA, contrast, GRAPHIC, parseHex, type Rgb } from '$lib/contrast';
import { matFor, type Ink, type InkName } from './mat';

const colour = (text: string): Rgb => parseHex(text) ?? [0, 0, 0];
const inks: Record<InkName, Ink> = {
  dark: { words: colour('#2b2520'), heart: colour('#b5333f') },
  light: { words: colour('#f7f0e4'), heart: colour('#ff7d86') },
};
const paper = colour('#efe6d6');

test('a caption reaches 7:1 on the mat of every colour', () => {
  const parts = [0, 36, 73, 109, 128, 146, 182, 219, 255];
  const colours = parts.flatMap((red) => parts.flatMap((green) => parts.map((blue) => [red, green, blue] as const)));
  for (const [red, green, blue] of colours) {
    const wanted = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    const mat = matFor(wanted, paper, inks);
    expect(contrast(inks[mat.ink].words, colour(mat.colour)), wanted).toBeGreaterThanOrEqual(AAA);
    expect(contrast(inks[mat.ink].heart, colour(mat.colour)), wanted).toBeGreaterThanOrEqual(GRAPHIC);
  }
});

test('a mat that can be read already stays as the photo gave it', () => {
  expect(matFor('#e6ddcc', paper, inks)).toEqual({ colour: '#e6ddcc', ink: 'dark' });
  expect(matFor('#1f2a24', paper, inks)).toEqual({ colour: '#1f2a24', ink: 'light' });
});

test('a colour between the inks goes the shorter way', () => {
  expect(matFor('#a8a8a8', paper, inks).ink).toBe('dark');
  expect(matFor('#555555', paper, inks).ink).toBe('light');
});

test('an engine that names no colour gets paper', () => {
  expect(matFor('', paper, inks)).toEqual({ colour: '#efe6d6', ink: 'dark' });
  expect(matFor(undefined as unknown as string, paper, inks).ink).toBe('dark');
});
