// Sends one file with tus, continuing where an earlier attempt stopped, also one before a reload.
import { DetailedError, Upload } from 'tus-js-client';
import { ERROR_CODES } from '$lib/api/gen/error-codes';
import type { ErrorCode } from '$lib/api/gen/types';
import { freshToken } from '../seam/http';

export interface Sending {
  file: File;
  sha256: string;
  familyId: string;
  albumId: string | null;
  onProgress: (sentBytes: number) => void;
}

export class SendError extends Error {
  constructor(readonly code: ErrorCode | 'offline') {
    super(code);
  }
}

/** Each piece takes a fresh access token, so an upload may outlive the token it began with. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** The photo's id, once the server has both kept and recorded it. */
export async function send(sending: Sending): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const { file, sha256, familyId, albumId } = sending;
    const metadata: Record<string, string> = { filename: file.name, sha256, family: familyId, source: 'web' };
    if (file.type) metadata['filetype'] = file.type;
    if (albumId) metadata['album'] = albumId;
    const upload = new Upload(file, {
      endpoint: `${location.origin}/v1/uploads`,
      metadata,
      chunkSize: PIECE_BYTES,
      retryDelays: [0, 1_000, 3_000],
      removeFingerprintOnSuccess: true,
      fingerprint: () => Promise.resolve(`picup-${familyId}-${albumId ?? ''}-${sha256}`),
      onBeforeRequest: async (request) => request.setHeader('Authorization', `Bearer ${await freshToken()}`),
      onProgress: (sentBytes) => sending.onProgress(sentBytes),
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader('Picup-Photo-Id') ?? null),
      onError: (error) => reject(new SendError(codeOf(error))),
    });
    void upload.findPreviousUploads().then((previous) => {
      const latest = previous.at(-1);
      if (latest) upload.resumeFromPreviousUpload(latest);
      upload.start();
    });
  });
}

function codeOf(error: Error): ErrorCode | 'offline' {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (!response) return 'offline';
  try {
    const { code } = JSON.parse(response.getBody()) as { code?: string };
    return ERROR_CODES.find((known) => known === code) ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
