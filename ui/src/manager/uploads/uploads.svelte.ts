// The uploads under way: takes files from a person, brings each to the server, and never gives up on the network.
import { albums, photos } from '../seam/api';
import { OfflineError, ProblemError } from '../seam/problem';
import { digestOf } from './digest';
import { drop, dropAll, keep, keptFiles } from './kept-files';
import { isFinished, isForGood, nextWork, progressOf, type Upload } from './queue';
import { send, SendError } from './send';

const REST_MS = 15_000;

let list = $state<Upload[]>([]);
let family: string | undefined;
const files = new Map<string, File>();

export const uploads = {
  get list(): readonly Upload[] {
    return list;
  },
  get progress() {
    return progressOf(list);
  },
  get active() {
    return list.some((upload) => !isFinished(upload));
  },
};

/** Takes up what a reload interrupted. */
export async function continueUploads(familyId: string): Promise<void> {
  if (family === familyId) return;
  family = familyId;
  list = [];
  files.clear();
  for (const kept of await keptFiles(familyId)) enqueue(kept.file, kept.albumId, kept.id);
  proceed();
}

/** Forgets everything not sent yet: the person leaves this browser. */
export async function abandonUploads(): Promise<void> {
  family = undefined;
  list = [];
  files.clear();
  await dropAll();
}

/** Puts files in the queue; into an album too, when one is open. */
export function addFiles(chosen: Iterable<File>, albumId: string | null): void {
  if (!family) return;
  if (!uploads.active) clearFinished();
  for (const file of chosen) {
    const id = enqueue(file, albumId, newId());
    void keep({ id, familyId: family, albumId, file });
  }
  proceed();
}

export function clearFinished(): void {
  list = list.filter((upload) => !isFinished(upload));
}

/** Tries what failed or rests again, at once. */
export function tryAgain(): void {
  for (const upload of list) {
    if (upload.stage === 'resting' || (upload.stage === 'failed' && files.has(upload.id))) wake(upload);
  }
  proceed();
}

/** Gives up one file. */
export function forget(id: string): void {
  list = list.filter((upload) => upload.id !== id);
  settle(id);
}

/** Brings a photo back that the family had thrown away. */
export async function restoreTrashed(upload: Upload): Promise<void> {
  if (!upload.photoId) return;
  await photos.restore(upload.photoId);
  update(upload.id, { stage: 'had' });
}

function enqueue(file: File, albumId: string | null, id: string): string {
  files.set(id, file);
  const fresh = { stage: 'waiting', sentBytes: 0, sha256: null, photoId: null, error: null } as const;
  list.push({ id, name: file.name, bytes: file.size, albumId, ...fresh });
  return id;
}

function proceed(): void {
  const work = nextWork(list);
  if (work.hash) void hash(work.hash);
  if (work.check.length > 0) void check(work.check);
  for (const id of work.send) void sendOne(id);
}

async function hash(id: string): Promise<void> {
  update(id, { stage: 'hashing' });
  const file = files.get(id);
  try {
    if (!file) throw new Error('the file is gone');
    update(id, { stage: 'hashed', sha256: await digestOf(file) });
  } catch {
    // The file was moved or deleted since it was chosen, or its stick was pulled.
    update(id, { stage: 'failed', error: 'not_found' });
    settle(id);
  }
  proceed();
}

async function check(ids: string[]): Promise<void> {
  const asked = list.filter((upload) => ids.includes(upload.id) && upload.sha256);
  for (const upload of asked) upload.stage = 'checking';
  try {
    const digests = asked.map((upload) => ({ id: upload.id, sha256: upload.sha256 ?? '' }));
    const { results } = await photos.check(family ?? '', digests);
    await Promise.all(results.map((result) => heed(result)));
  } catch (error) {
    for (const upload of asked) fail(upload.id, codeOf(error));
  }
  proceed();
}

async function heed(result: { id: string; action: 'upload' | 'have' | 'trashed'; photo_id: string | null }): Promise<void> {
  if (result.action === 'upload') return update(result.id, { stage: 'wanted' });
  const albumId = find(result.id)?.albumId;
  if (result.action === 'have' && albumId && result.photo_id) await albums.add(albumId, [result.photo_id]);
  update(result.id, { stage: result.action === 'have' ? 'had' : 'trashed', photoId: result.photo_id });
  settle(result.id);
}

async function sendOne(id: string): Promise<void> {
  const upload = find(id);
  const file = files.get(id);
  if (!upload?.sha256 || !file || !family) return;
  update(id, { stage: 'sending' });
  try {
    const onProgress = (sentBytes: number) => update(id, { sentBytes });
    const photoId = await send({ file, sha256: upload.sha256, familyId: family, albumId: upload.albumId, onProgress });
    update(id, { stage: 'done', photoId });
    settle(id);
  } catch (error) {
    fail(id, error instanceof SendError ? error.code : 'unknown');
  }
  proceed();
}

/** Sets a file aside for good, or lets it rest and tries again. */
function fail(id: string, code: NonNullable<Upload['error']>): void {
  if (isForGood(code)) {
    update(id, { stage: 'failed', error: code });
    void drop(id);
    return;
  }
  update(id, { stage: 'resting', error: code });
  setTimeout(() => {
    const upload = find(id);
    if (upload?.stage !== 'resting') return;
    wake(upload);
    proceed();
  }, REST_MS);
}

function wake(upload: Upload): void {
  upload.error = null;
  upload.stage = upload.sha256 ? 'hashed' : 'waiting';
}

function settle(id: string): void {
  files.delete(id);
  void drop(id);
}

function find(id: string): Upload | undefined {
  return list.find((upload) => upload.id === id);
}

function update(id: string, change: Partial<Upload>): void {
  const upload = find(id);
  if (upload) Object.assign(upload, change);
}

function codeOf(error: unknown): NonNullable<Upload['error']> {
  if (error instanceof OfflineError) return 'offline';
  return error instanceof ProblemError ? error.code : 'unknown';
}

/** `crypto.randomUUID` is missing on a page served over plain HTTP. */
function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}

if (typeof window !== 'undefined') addEventListener('online', tryAgain);
