// What can go wrong when the manager asks the server, as one type.
import type { ErrorCode, FieldError, Problem } from '$lib/api/gen/types';
import type { Dictionary } from '$lib/i18n.svelte';

/** The server answered with a problem document. */
export class ProblemError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    readonly fields: FieldError[] = [],
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(code);
  }
}

/** The server could not be reached. */
export class OfflineError extends Error {}

/** Reads a refusal; a proxy's HTML page or a newer server's code becomes `unknown`. */
export async function problemOf(response: Response, knownCodes: ReadonlySet<string>): Promise<ProblemError> {
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const code = problem.code && knownCodes.has(problem.code) ? problem.code : 'unknown';
  return new ProblemError(code, response.status, problem.errors ?? [], Number.isNaN(retryAfter) ? null : retryAfter);
}

/** The sentence a person reads. */
export function sentenceOf(error: unknown, words: Dictionary): string {
  if (error instanceof ProblemError) return words.errors[error.code];
  if (error instanceof OfflineError) return words.common.offline;
  return words.errors.unknown;
}

/** The sentence under a form's field, if the server named it. */
export function fieldSentence(error: unknown, field: string, words: Dictionary): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const fault = error.fields.find((candidate) => candidate.field === field);
  if (!fault) return undefined;
  const sentences: Record<string, string> = words.manager.fields;
  return sentences[fault.code] ?? words.manager.fields.invalid;
}
