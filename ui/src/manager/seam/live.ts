// The family's events as they happen; reconnects by itself and asks for what it missed.
import type { Event } from '$lib/api/gen/types';
import { openStream } from './http';
import { ProblemError } from './problem';
import { MessageReader } from './server-sent-events';

type Listener = (event: Event) => void;

const listeners = new Set<Listener>();
let stopCurrent: (() => void) | undefined;

/** Hears every event until the returned function is called; fits `$effect(() => onLive(…))`. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens to one family at a time. */
export function listenTo(familyId: string): void {
  stopListening();
  const stop = new AbortController();
  stopCurrent = () => stop.abort();
  void keepListening(familyId, stop.signal);
}

export function stopListening(): void {
  stopCurrent?.();
  stopCurrent = undefined;
}

async function keepListening(familyId: string, stop: AbortSignal): Promise<void> {
  const place: { lastId: string | undefined } = { lastId: undefined };
  let failures = 0;
  while (!stop.aborted) {
    try {
      await listenOnce(familyId, place, stop, () => (failures = 0));
    } catch (error) {
      if (error instanceof ProblemError && (error.status === 401 || error.status === 404)) return;
    }
    failures += 1;
    await pause(Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2), stop);
  }
}

async function listenOnce(
  familyId: string,
  place: { lastId: string | undefined },
  stop: AbortSignal,
  whenOpen: () => void,
): Promise<void> {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (place.lastId) headers['last-event-id'] = place.lastId;
  const response = await openStream(`/v1/events?family=${familyId}`, headers, stop);
  whenOpen();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const messages = new MessageReader();
  while (reader) {
    const { value, done } = await reader.read();
    if (done) return;
    for (const message of messages.push(value)) {
      if (message.id) place.lastId = message.id;
      announce(message.data);
    }
  }
}

function announce(data: string): void {
  let event: Event;
  try {
    event = JSON.parse(data) as Event;
  } catch {
    return; // A newer server's event that is not JSON is none of ours.
  }
  for (const listener of listeners) listener(event);
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
