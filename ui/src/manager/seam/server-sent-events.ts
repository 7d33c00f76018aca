// Reads `text/event-stream` from a fetch, which can send an Authorization header where EventSource cannot.
//
// The format: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

export interface Message {
  id: string | undefined;
  event: string;
  data: string;
}

/** Cuts a growing text into whole messages. */
export class MessageReader {
  #rest = '';

  /** Messages completed by this piece. */
  push(piece: string): Message[] {
    const blocks = (this.#rest + piece).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(parse).filter((message): message is Message => message !== undefined);
  }
}

function parse(block: string): Message | undefined {
  const message: Message = { id: undefined, event: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') message.event = value;
    else if (field === 'id') message.id = value;
  }
  if (data.length === 0) return undefined;
  return { ...message, data: data.join('\n') };
}
