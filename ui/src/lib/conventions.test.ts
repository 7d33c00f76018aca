// The conventions of components, checked: words come from the dictionaries, colours from the tokens.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { expect, test } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '..');
const SPOKEN = new Set(['alt', 'aria-label', 'aria-description', 'placeholder', 'title', 'label']);
const LETTERS = /\p{L}{2,}/u;
/** The tokens themselves, and nothing else, name colours. */
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab)\(/i;

const filesNamed = (ending: string) =>
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path, text: readFileSync(join(SOURCE, path), 'utf8') }));

/** Every node below, whatever it is. */
function* nodesOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const each of value) yield* nodesOf(each);
  else if (value && typeof value === 'object') {
    const node = value as Record<string, unknown>;
    yield node;
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') yield* nodesOf(child);
  }
}

function sentencesIn(fragment: AST.Fragment): string[] {
  const found: string[] = [];
  const attributes = new Set<unknown>();
  for (const node of nodesOf(fragment)) {
    if (node['type'] === 'Attribute' || node['type'] === 'StyleDirective') {
      for (const inner of nodesOf(node['value'])) {
        attributes.add(inner);
        if (inner['type'] === 'Text' && SPOKEN.has(String(node['name']))) found.push(String(inner['data']));
      }
    } else if (node['type'] === 'Text' && !attributes.has(node)) found.push(String(node['data']));
  }
  return found.filter((text) => LETTERS.test(text)).map((text) => text.trim());
}

test('no component says a sentence of its own', () => {
  for (const { path, text } of filesNamed('.svelte')) {
    expect(sentencesIn(parse(text, { modern: true }).fragment), path).toEqual([]);
  }
});

test('no component names a colour of its own', () => {
  for (const { path, text } of filesNamed('.svelte')) {
    const style = /<style[^>]*>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
    expect(COLOUR.exec(style)?.[0], path).toBeUndefined();
  }
});

test('the window is reached through one file', () => {
  const importers = [...filesNamed('.ts'), ...filesNamed('.svelte')]
    .filter(({ path, text }) => !path.endsWith('.test.ts') && /from '@tauri-apps\/|import\('@tauri-apps\//.test(text))
    .map(({ path }) => relative('.', path));
  expect(importers.length, importers.join()).toBeLessThanOrEqual(1);
});

test('every file opens with its purpose', () => {
  for (const { path, text } of filesNamed('.svelte')) expect(text.startsWith('<!--'), path).toBe(true);
});
