import { expect, test } from 'vitest';
import { digestInPieces, digestOf } from './digest';

test('a file has the digest everyone else computes for it', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await digestOf(new Blob(['abc']))).toBe(abc);
  expect(await digestInPieces(new Blob(['abc']))).toBe(abc);
});

test('a file read in pieces has the same digest as one read whole', async () => {
  const file = new Blob([new Uint8Array(5 * 1024 * 1024 + 7).map((_, index) => index * 31)]);
  expect(await digestInPieces(file)).toBe(await digestOf(file));
});

test('an empty file has a digest too', async () => {
  expect(await digestInPieces(new Blob([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
