// Decides what the upload does next, and how far it is.
//
// Pure: no file, network or clock. Hashing is one at a time (it is bound by the processor), sending a few at once
// (it is bound by the network), and digests hashed meanwhile are checked in one request.
import type { ErrorCode } from '$lib/api/gen/types';

export type Stage =
  | 'waiting' // to be hashed
  | 'hashing'
  | 'hashed' // to be checked with the server
  | 'checking'
  | 'wanted' // to be sent
  | 'sending'
  | 'resting' // tried again by itself later
  | 'done'
  | 'had' // the family has these bytes already
  | 'trashed' // the family has them in the trash
  | 'failed';

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  stage: Stage;
  sentBytes: number;
  albumId: string | null;
  sha256: string | null;
  photoId: string | null;
  error: ErrorCode | 'offline' | null;
}

export interface Work {
  hash: string | null;
  check: string[];
  send: string[];
}

export const PARALLEL = 3;
const CHECK_AT_ONCE = 100;

const FINISHED: ReadonlySet<Stage> = new Set(['done', 'had', 'trashed', 'failed']);
const WILL_NOT_PASS: ReadonlySet<string> = new Set([
  'upload_too_large',
  'quota_exceeded',
  'validation_failed',
  'malformed_request',
  'forbidden',
  'not_found',
  'unsupported_media_type',
  'payload_too_large',
]);

export const isFinished = (upload: Upload) => FINISHED.has(upload.stage);

/** What may start now, given what is under way. */
export function nextWork(uploads: readonly Upload[]): Work {
  const at = (stage: Stage) => uploads.filter((upload) => upload.stage === stage).map((upload) => upload.id);
  const free = Math.max(0, PARALLEL - at('sending').length);
  return {
    hash: at('hashing').length === 0 ? (at('waiting')[0] ?? null) : null,
    check: at('checking').length === 0 ? at('hashed').slice(0, CHECK_AT_ONCE) : [],
    send: at('wanted').slice(0, free),
  };
}

/** Whether an error is the file's own, so that trying again would only fail again. */
export function isForGood(code: string): boolean {
  return WILL_NOT_PASS.has(code);
}

export interface Progress {
  files: number;
  finished: number;
  failed: number;
  resting: number;
  /** 0 to 1, by bytes, so that one film among photos does not jump. */
  fraction: number;
}

export function progressOf(uploads: readonly Upload[]): Progress {
  const total = uploads.reduce((sum, upload) => sum + weight(upload), 0);
  const sent = uploads.reduce((sum, upload) => sum + (isFinished(upload) ? weight(upload) : upload.sentBytes), 0);
  return {
    files: uploads.length,
    finished: uploads.filter(isFinished).length,
    failed: uploads.filter((upload) => upload.stage === 'failed').length,
    resting: uploads.filter((upload) => upload.stage === 'resting').length,
    fraction: total === 0 ? 0 : Math.min(1, sent / total),
  };
}

/** An empty file still counts as a step. */
function weight(upload: Upload): number {
  return Math.max(1, upload.bytes);
}
