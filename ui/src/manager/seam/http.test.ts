// The seam against a pretended server: the boundary is `fetch`.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { en } from '$locales/en';
import { acceptToken, forgetToken, freshToken, onSignedOut, refresh, request } from './http';
import { fieldSentence, OfflineError, ProblemError, sentenceOf } from './problem';

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
const asked: { path: string; token: string | undefined }[] = [];
let answer: (path: string, token: string | undefined) => Answer;

const member = { id: 'm', email: 'a@example.org', display_name: 'A', locale: 'en', created_at: '' } as const;
const signedIn = (access_token: string, expires_in = 900) => ({ member, access_token, expires_in });

beforeEach(() => {
  asked.length = 0;
  forgetToken();
  vi.stubGlobal('fetch', async (path: string, init: { headers: Record<string, string> }) => {
    const token = init.headers['authorization'];
    asked.push({ path, token });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, body, headers } = answer(path, token);
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('many requests that find the token expired share one refresh', async () => {
  acceptToken(signedIn('old', 0));
  answer = (path) => (path === '/v1/auth/refresh' ? { status: 200, body: signedIn('new') } : { status: 200, body: {} });
  await Promise.all(Array.from({ length: 8 }, () => request('GET', '/v1/me')));
  expect(asked.filter(({ path }) => path === '/v1/auth/refresh')).toHaveLength(1);
  expect(asked.filter(({ token }) => token === 'Bearer new')).toHaveLength(8);
});

test('a token the server no longer takes is refreshed once and the request repeated', async () => {
  acceptToken(signedIn('stale'));
  answer = (path, token) => {
    if (path === '/v1/auth/refresh') return { status: 200, body: signedIn('new') };
    return token === 'Bearer new' ? { status: 200, body: { ok: true } } : { status: 401, body: { code: 'token_expired' } };
  };
  expect(await request('GET', '/v1/me')).toEqual({ ok: true });
  expect(asked.map(({ path }) => path)).toEqual(['/v1/me', '/v1/auth/refresh', '/v1/me']);
});

test('a revoked session signs this browser out', async () => {
  const signedOut = vi.fn();
  onSignedOut(signedOut);
  acceptToken(signedIn('old', 0));
  answer = () => ({ status: 401, body: { code: 'session_revoked' } });
  await expect(freshToken()).rejects.toMatchObject({ code: 'session_revoked' });
  expect(signedOut).toHaveBeenCalledOnce();
});

test("a proxy's page of HTML, or a newer server's code, is told in plain words", async () => {
  answer = () => ({ status: 502, body: { code: 'invented_tomorrow' } });
  const error: unknown = await refresh().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  expect(sentenceOf(error, en)).toBe(en.errors.unknown);
});

test('a server that cannot be reached is told as no connection', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const error: unknown = await refresh().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(OfflineError);
  expect(sentenceOf(error, en)).toBe(en.common.offline);
});

test('a faulty field is told beside it, whatever the fault is called', () => {
  const faults = [{ field: 'email', code: 'invalid' }, { field: 'name', code: 'invented_tomorrow' }];
  const error = new ProblemError('validation_failed', 422, faults);
  expect(fieldSentence(error, 'email', en)).toBe(en.manager.fields.invalid);
  expect(fieldSentence(error, 'name', en)).toBe(en.manager.fields.invalid);
  expect(fieldSentence(error, 'password', en)).toBeUndefined();
});
