// What a person is told about an import.
import { expect, test } from 'vitest';
import { importStage } from './importing';

const inbox = (fields: Partial<Parameters<typeof importStage>[0]>) => ({
  waiting: 0,
  sending: 0,
  sent: 0,
  set_aside: [],
  paused_because: null,
  ...fields,
});

test('nothing is said when nothing waits, even after an import', () => {
  expect(importStage(inbox({ sent: 12 }))).toEqual({ kind: 'idle' });
});

test('progress is the share that has arrived', () => {
  expect(importStage(inbox({ waiting: 3, sending: 1, sent: 4 }))).toEqual({ kind: 'working', copying: 3, sending: 1, share: 0.5 });
});

test('a pause is told with its reason', () => {
  expect(importStage(inbox({ sending: 2, paused_because: 'offline' }))).toEqual({ kind: 'paused', because: 'offline' });
});
