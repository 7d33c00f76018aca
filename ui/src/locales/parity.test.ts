// Both languages say the same things; types force it for what is typed, this catches what is not said at all.
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '$lib/api/gen/error-codes';
import { en } from './en';
import { ko } from './ko';

type Words = { [key: string]: string | ((...args: never[]) => string) | Words };

function paths(words: Words, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? paths(value, `${prefix}${key}.`) : [`${prefix}${key}:${typeof value}`],
  );
}

function sentences(words: Words): string[] {
  return Object.values(words).flatMap((value) =>
    typeof value === 'object' ? sentences(value) : typeof value === 'string' ? [value] : [],
  );
}

describe('the two languages', () => {
  test('have the same keys', () => {
    expect(paths(ko).sort()).toEqual(paths(en).sort());
  });

  test('leave nothing empty', () => {
    expect([...sentences(en), ...sentences(ko)].filter((text) => text.trim() === '')).toEqual([]);
  });

  test('have a sentence, not a code, for every error', () => {
    for (const text of [...Object.values(en.errors), ...Object.values(ko.errors)]) {
      expect(text).toMatch(/[.!?]$/);
      expect(text).not.toMatch(/_/);
    }
  });

  test('say every error the server can send', () => {
    expect(Object.keys(en.errors).sort()).toEqual([...ERROR_CODES, 'unknown'].sort());
  });

  test('do not leave an error untranslated', () => {
    for (const code of Object.keys(en.errors) as (keyof typeof en.errors)[]) {
      expect(ko.errors[code], code).toMatch(/[가-힣]/);
    }
  });
});
