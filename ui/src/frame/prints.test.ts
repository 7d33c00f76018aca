// Two prints are made at a time, what is seen before what may be seen, and no more are kept than there is room for.
import { expect, test } from 'vitest';
import { Prints, type Order } from './prints';

const order = (photoId: string): Order => ({ photoId, url: `/${photoId}`, width: 10, height: 10, focus: { x: 0.5, y: 0.5 } });

/** A workshop in which each print is finished, or spoilt, by hand. */
function workshop(room = 10_000) {
  const begun = new Map<string, { finish: () => void; spoil: () => void }>();
  const prints = new Prints<string>(
    ({ photoId }) =>
      new Promise((resolve, reject) => begun.set(photoId, { finish: () => resolve(`print of ${photoId}`), spoil: () => reject(new Error('torn')) })),
    room,
  );
  const finish = async (photoId: string) => {
    begun.get(photoId)?.finish();
    await settled();
  };
  return { prints, begun, finish };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a print is made once, and is there the next time', async () => {
  const { prints, begun, finish } = workshop();
  const [first, second] = [prints.make(order('a')), prints.make(order('a'))];
  await finish('a');
  expect([await first, await second]).toEqual(['print of a', 'print of a']);
  expect(prints.ready(order('a'))).toBe('print of a');
  expect([...begun.keys()]).toEqual(['a']);
});

test('two at a time, and what is on the screen goes first', async () => {
  const { prints, begun, finish } = workshop();
  void prints.prepare(['a', 'b', 'c'].map(order));
  void prints.make(order('d'));
  expect([...begun.keys()]).toEqual(['a', 'b']);
  await finish('a');
  expect([...begun.keys()]).toEqual(['a', 'b', 'd']);
});

test('what is prepared gives way to what is prepared next', async () => {
  const { prints, begun, finish } = workshop();
  const before = prints.prepare(['a', 'b', 'c'].map(order));
  void prints.prepare(['d'].map(order));
  await finish('a');
  await finish('b');
  expect([...begun.keys()]).toEqual(['a', 'b', 'd']);
  await before;
});

test('what nobody looks at any more is not begun', async () => {
  const { prints, begun, finish } = workshop();
  void prints.prepare(['a', 'b'].map(order));
  const dropped = prints.make(order('c'));
  prints.drop(order('c'));
  await finish('a');
  expect(await dropped).toBeNull();
  expect([...begun.keys()]).toEqual(['a', 'b']);
});

test('what one place drops is still made for another', async () => {
  const { prints, begun, finish } = workshop();
  void prints.prepare(['a', 'b'].map(order));
  void prints.make(order('c'));
  const kept = prints.make(order('c'));
  prints.drop(order('c'));
  await finish('a');
  expect([...begun.keys()]).toEqual(['a', 'b', 'c']);
  await finish('c');
  expect(await kept).toBe('print of c');
});

test('a torn photo is no print, does not stop the others, and is tried again', async () => {
  const { prints, begun, finish } = workshop();
  const torn = prints.make(order('a'));
  begun.get('a')?.spoil();
  expect(await torn).toBeNull();
  const again = prints.make(order('a'));
  await finish('a');
  expect(await again).toBe('print of a');
});

test('the prints that were not looked at for longest make room', async () => {
  const { prints, finish } = workshop(200);
  for (const name of ['a', 'b']) {
    void prints.make(order(name));
    await finish(name);
  }
  prints.ready(order('a'));
  void prints.make(order('c'));
  await finish('c');
  expect(['a', 'b', 'c'].map((name) => prints.ready(order(name)) !== null)).toEqual([true, false, true]);
});
