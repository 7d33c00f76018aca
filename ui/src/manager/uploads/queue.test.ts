import { describe, expect, test } from 'vitest';
import { isForGood, nextWork, PARALLEL, progressOf, type Stage, type Upload } from './queue';

let count = 0;
const upload = (stage: Stage, rest: Partial<Upload> = {}): Upload => ({
  id: `${stage}-${count++}`,
  name: 'a.jpg',
  bytes: 100,
  stage,
  sentBytes: 0,
  albumId: null,
  sha256: null,
  photoId: null,
  error: null,
  ...rest,
});

describe('what an upload does next', () => {
  test('hashes one file at a time', () => {
    const waiting = [upload('waiting'), upload('waiting')];
    expect(nextWork(waiting).hash).toBe(waiting[0]?.id);
    expect(nextWork([upload('hashing'), ...waiting]).hash).toBeNull();
  });

  test('checks everything hashed meanwhile in one request', () => {
    const hashed = [upload('hashed'), upload('hashed')];
    expect(nextWork(hashed).check).toEqual(hashed.map((each) => each.id));
    expect(nextWork([upload('checking'), ...hashed]).check).toEqual([]);
  });

  test('never asks about more digests than the server takes', () => {
    expect(nextWork(Array.from({ length: 5000 }, () => upload('hashed'))).check.length).toBeLessThanOrEqual(1000);
  });

  test('sends a few at once and keeps the order', () => {
    const wanted = Array.from({ length: PARALLEL + 2 }, () => upload('wanted'));
    expect(nextWork(wanted).send).toEqual(wanted.slice(0, PARALLEL).map((each) => each.id));
    expect(nextWork([upload('sending'), ...wanted]).send).toHaveLength(PARALLEL - 1);
  });

  test('leaves a resting file alone until it is woken', () => {
    expect(nextWork([upload('resting')])).toEqual({ hash: null, check: [], send: [] });
  });
});

describe('progress', () => {
  test('is counted in bytes, so one film among photos does not jump', () => {
    const progress = progressOf([upload('done'), upload('sending', { bytes: 900, sentBytes: 400 })]);
    expect(progress.fraction).toBeCloseTo(0.5);
    expect(progress).toMatchObject({ files: 2, finished: 1, failed: 0 });
  });

  test('of nothing is nothing, and of empty files is whole', () => {
    expect(progressOf([]).fraction).toBe(0);
    expect(progressOf([upload('failed', { bytes: 0 })]).fraction).toBe(1);
  });
});

test('a full family or a file that is too large is not tried again; a broken server is', () => {
  expect(['quota_exceeded', 'upload_too_large'].every(isForGood)).toBe(true);
  expect(['storage_unavailable', 'storage_full', 'internal', 'rate_limited', 'upload_locked'].some(isForGood)).toBe(false);
});
