import { expect, test } from 'vitest';
import { Naming } from './naming';

/** A photo's names, the screen and the server as they are after the answers, `true` where a change is taken. */
async function after(people: string[], changes: string[][], answers: boolean[]) {
  const shown: string[][] = [];
  const server: string[][] = [];
  let waiting = 0;
  const send = async (names: readonly string[]) => {
    expect(++waiting, 'one after the other').toBe(1);
    await new Promise((later) => setTimeout(later));
    waiting--;
    const taken = answers.shift() ?? true;
    if (taken) server.push([...names]);
    return taken;
  };
  const naming = new Naming(people, send, (names) => shown.push([...names]));
  await Promise.all(changes.map((change) => naming.change(change)));
  return { shown, server };
}

test('a name is on the screen at once, and the server has the newest last', async () => {
  const { shown, server } = await after([], [['A'], ['A', 'B'], ['B']], []);
  expect(shown).toEqual([['A'], ['A', 'B'], ['B']]);
  expect(server).toEqual(shown);
});

test('a refused change goes back to what the server has', async () => {
  expect((await after(['A'], [['A', 'B']], [false])).shown.at(-1)).toEqual(['A']);
  const offline = await after(['A'], [['A', 'B'], ['A', 'B', 'C']], [false, false]);
  expect(offline.shown.at(-1)).toEqual(['A']);
  const second = await after(['A'], [['A', 'B'], ['A', 'B', 'C']], [true, false]);
  expect(second.shown.at(-1)).toEqual(['A', 'B']);
});

test('a refusal that a later change made up for is not shown', async () => {
  const { shown, server } = await after([], [['A'], ['A', 'B']], [false, true]);
  expect(shown).toEqual([['A'], ['A', 'B']]);
  expect(server).toEqual([['A', 'B']]);
});
