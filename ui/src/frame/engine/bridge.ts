// The engine behind the loopback bridge: commands by POST, events by server-sent events, pictures by address.
import type { ScreenEvent } from '$lib/api/gen/types';
import type { Answers, CommandName, Engine } from '../engine';
import { withinPanel } from './within';

export class BridgeEngine implements Engine {
  readonly isWindow = false;

  async send<C extends CommandName>(command: C, ...fields: unknown[]): Promise<Answers[C]> {
    const answer = await fetch(`/api/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields[0] ?? {}),
    });
    if (!answer.ok) throw new Error(`${command}: ${answer.status}`);
    return (await answer.json()) as Answers[C];
  }

  listen(hear: (event: ScreenEvent) => void, connected: (connected: boolean) => void): () => void {
    // Reconnects by itself; what was missed meanwhile is asked anew at `connected(true)`.
    const stream = new EventSource('/api/events');
    stream.onopen = () => connected(true);
    stream.onerror = () => connected(false);
    stream.onmessage = (message: MessageEvent<string>) => hear(JSON.parse(message.data) as ScreenEvent);
    return () => stream.close();
  }

  photoUrl(photoId: string): string {
    return `/photo/${photoId}?${withinPanel()}`;
  }

  videoUrl(photoId: string): string | null {
    return `/video/${photoId}`;
  }

  voiceUrl(commentId: string): string | null {
    return `/voice/${commentId}`;
  }
}
