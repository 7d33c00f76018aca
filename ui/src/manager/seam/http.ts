// The one place the manager speaks HTTP.
//
// The access token lives in memory only; the refresh token is an HttpOnly cookie the browser keeps. Many
// requests that find the token expired share one refresh.
import { ERROR_CODES } from '$lib/api/gen/error-codes';
import type { SignedIn } from '$lib/api/gen/types';
import { OfflineError, ProblemError, problemOf } from './problem';

type Query = Record<string, string | number | boolean | undefined>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES);
const SPARE_MS = 30_000;

let access: { token: string; validUntil: number } | undefined;
let refreshing: Promise<SignedIn> | undefined;
let whenSignedOut: () => void = () => undefined;

/** Called when the server no longer accepts this browser's sign-in. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

/** Keeps the token of a sign-up, sign-in or refresh. */
export function acceptToken(answer: SignedIn): SignedIn {
  access = { token: answer.access_token, validUntil: performance.now() + answer.expires_in * 1000 };
  return answer;
}

export function forgetToken(): void {
  access = undefined;
}

/** Exchanges the cookie for a new access token; callers at the same time share one exchange. */
export function refresh(): Promise<SignedIn> {
  refreshing ??= send('POST', '/v1/auth/refresh', {}, undefined)
    .then(async (response) => acceptToken((await response.json()) as SignedIn))
    .catch((error: unknown) => {
      if (error instanceof ProblemError && error.status === 401) {
        const wasSignedIn = access !== undefined;
        forgetToken();
        if (wasSignedIn) whenSignedOut();
      }
      throw error;
    })
    .finally(() => (refreshing = undefined));
  return refreshing;
}

/** A token with at least half a minute left. */
export async function freshToken(): Promise<string> {
  if (access && access.validUntil - performance.now() > SPARE_MS) return access.token;
  return (await refresh()).access_token;
}

/** Asks as the signed-in member. Once, an expired token is refreshed and the request repeated. */
export async function request<Answer = void>(method: Method, path: string, body?: unknown, query?: Query): Promise<Answer> {
  const response = await authorized((token) => send(method, withQuery(path, query), body, token));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Sends bytes as they are, such as a voice. */
export async function sendBytes<Answer>(path: string, bytes: Blob, mediaType: string, query?: Query): Promise<Answer> {
  const response = await authorized((token) => {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}`, 'content-type': mediaType };
    return fetchChecked(withQuery(path, query), { method: 'POST', headers, body: bytes });
  });
  return (await response.json()) as Answer;
}

/** Reads bytes that only the signed-in member may have, so that no plain address of them exists. */
export async function requestBytes(path: string): Promise<Blob> {
  const response = await authorized((token) => fetchChecked(path, { headers: { authorization: `Bearer ${token}` } }));
  return response.blob();
}

/** Asks without a sign-in. */
export async function publicRequest<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body, undefined);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Opens a stream as the signed-in member. */
export function openStream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  return authorized((token) =>
    fetchChecked(path, { headers: { ...headers, authorization: `Bearer ${token}` }, signal, cache: 'no-store' }),
  );
}

async function authorized(ask: (token: string) => Promise<Response>): Promise<Response> {
  const token = await freshToken();
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error;
    if (access?.token === token) access = { token, validUntil: 0 };
    return ask(await freshToken());
  }
}

function send(method: Method, path: string, body: unknown, token: string | undefined): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return fetchChecked(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
}

async function fetchChecked(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new OfflineError('unreachable', { cause });
  });
  if (!response.ok) throw await problemOf(response, KNOWN_CODES);
  return response;
}

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}
