// A bridge whose state the test decides: the same addresses as the engine's, nothing behind them.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { OpenAlbum, ScreenEvent, ScreenStatus, ShelfAlbum, Slide } from '../../src/lib/api/gen/types';

const screen = fileURLToPath(new URL('../../dist/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../crates/testkit/fixtures/', import.meta.url));
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', woff2: 'font/woff2' };

export interface Heard {
  command: string;
  fields: Record<string, unknown>;
}

export function slide(photoId: string, fields: Partial<Slide> = {}): Slide {
  return {
    photo_id: photoId,
    kind: 'still',
    width: 600,
    height: 450,
    caption: '',
    people: [],
    place: null,
    taken_at: { local: '2024-05-01T10:00:00', precision: 'month', offset: null },
    hearted: false,
    is_new: false,
    sent_by: null,
    mat: '#e6ddcc',
    focus: { x: 0.5, y: 0.5 },
    said: [],
    beside: null,
    ...fields,
  };
}

export function status(fields: Partial<ScreenStatus> = {}): ScreenStatus {
  return {
    state: 'showing',
    pairing: null,
    now_showing: null,
    inbox: { waiting: 0, sending: 0, sent: 0, set_aside: [], paused_because: null },
    sync: { online: true, photos_wanted: 8, photos_cached: 8, downloads_paused_because: null },
    settings: { seconds_per_photo: 10, fill: 'blur', locale: 'en', motion: false, clock: true, larger_text: false },
    paused: false,
    asleep: false,
    brightness: 100,
    clock_is_set: true,
    birthdays: [],
    troubles: [],
    version: '0.1.0',
    ...fields,
  };
}

export class Bridge {
  status: ScreenStatus = status();
  current: Slide | null = null;
  /** What `next` and `previous` answer. */
  neighbours: { next: Slide | null; previous: Slide | null } = { next: null, previous: null };
  albums: ShelfAlbum[] = [];
  album: OpenAlbum | null = null;
  readonly heard: Heard[] = [];
  /** File of the fixtures by photo id; anything else is not found. */
  readonly pictures = new Map<string, string>();
  /** File of the fixtures by photo id. */
  readonly videos = new Map<string, string>();
  /** Sounds by comment id. */
  readonly voices = new Map<string, Buffer>();

  readonly #server: Server;
  readonly #listeners = new Set<ServerResponse>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<Bridge> {
    const bridge = new Bridge();
    await new Promise<void>((listening) => bridge.#server.listen(0, '127.0.0.1', listening));
    return bridge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  tell(event: ScreenEvent): void {
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** The commands that say something, without the page's pulse. */
  said(command: string): Heard[] {
    return this.heard.filter((heard) => heard.command === command);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://frame').pathname;
    if (path === '/api/events') return this.#stream(response);
    if (path.startsWith('/api/')) return this.#command(path.slice(5), request, response);
    if (path.startsWith('/photo/')) return this.#picture(path.slice(7), response);
    if (path.startsWith('/video/')) return this.#moving(path.slice(7), response);
    if (path.startsWith('/voice/')) return this.#bytes(this.voices.get(path.slice(7)) ?? null, 'audio/wav', response);
    return this.#file(path === '/' ? 'frame.html' : path.slice(1), response);
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  async #command(command: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fields = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
    this.heard.push({ command, fields });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(this.#outcome(command, fields)));
  }

  #outcome(command: string, fields: Record<string, unknown>): unknown {
    switch (command) {
      case 'status':
        return this.status;
      case 'current':
        return this.current;
      case 'next':
        return this.neighbours.next;
      case 'previous':
        return this.neighbours.previous;
      case 'albums':
        return this.albums;
      case 'open_album':
        return this.album;
      case 'heart':
        return [this.current, this.current?.beside].filter((photo) => photo?.photo_id === fields['photo_id']).map((photo) => ({ ...photo, hearted: fields['on'] }))[0] ?? null;
      case 'pause':
      case 'resume':
        this.status = { ...this.status, paused: command === 'pause' };
        return null;
      case 'hide':
        // A photo that is hidden leaves the screen at once.
        if (fields['on'] === true && this.neighbours.next) this.tell({ kind: 'slide', slide: this.neighbours.next, paused: false });
        return null;
      default:
        return null;
    }
  }

  async #picture(id: string, response: ServerResponse): Promise<void> {
    const name = this.pictures.get(id);
    const bytes = name === undefined ? null : await readFile(fixtures + name).catch(() => Buffer.from('not a picture'));
    response.writeHead(bytes ? 200 : 404, { 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
    response.end(bytes ?? undefined);
  }

  async #moving(id: string, response: ServerResponse): Promise<void> {
    const name = this.videos.get(id);
    this.#bytes(name === undefined ? null : await readFile(fixtures + name), 'video/mp4', response);
  }

  #bytes(bytes: Buffer | null, type: string, response: ServerResponse): void {
    response.writeHead(bytes ? 200 : 404, { 'content-type': type, 'content-length': bytes?.length ?? 0 });
    response.end(bytes ?? undefined);
  }

  async #file(name: string, response: ServerResponse): Promise<void> {
    const bytes = await readFile(screen + name).catch(() => null);
    response.writeHead(bytes ? 200 : 404, { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream' });
    response.end(bytes ?? undefined);
  }
}
