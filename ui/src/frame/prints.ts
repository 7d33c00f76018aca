// Makes prints: photos decoded and drawn once at the size they are looked at, so that a page is whole the moment it is seen
// and an album of thousands keeps no more than a few pages in memory.
//
// Rule: at most two are made at a time, those on the screen first; the ones that were not looked at for longest are dropped.
import type { Focus } from '$lib/api/gen/types';
import { decodePhoto } from './pictures';

export interface Order {
  photoId: string;
  url: string;
  /** Pixels of the panel. */
  width: number;
  height: number;
  /** What stays when it has to be cut. */
  focus: Focus;
}

interface Job<Print> {
  order: Order;
  /** `seen`: wanted for the screen. `ahead`: may be wanted next. */
  stage: 'seen' | 'ahead' | 'making';
  /** How many places on the screen wait for it: two albums may have one cover. */
  places: number;
  made: Promise<Print | null>;
  settle: (print: Print | null) => void;
}

const AT_ONCE = 2;
/** 24 MB: the open spread, its neighbours, and a few more. */
const MOST_PIXELS = 6_000_000;

export class Prints<Print> {
  readonly #draw: (order: Order) => Promise<Print>;
  readonly #mostPixels: number;
  /** The one looked at last is the last. */
  readonly #made = new Map<string, { print: Print; pixels: number }>();
  readonly #jobs = new Map<string, Job<Print>>();

  constructor(draw: (order: Order) => Promise<Print>, mostPixels = MOST_PIXELS) {
    this.#draw = draw;
    this.#mostPixels = mostPixels;
  }

  /** The print, if there is one. */
  ready(order: Order): Print | null {
    const key = keyOf(order);
    const made = this.#made.get(key);
    if (!made) return null;
    this.#made.delete(key);
    this.#made.set(key, made);
    return made.print;
  }

  /** For the screen, before all others. Null for a photo that cannot be shown, and for one dropped meanwhile. */
  make(order: Order): Promise<Print | null> {
    const print = this.ready(order);
    if (print) return Promise.resolve(print);
    const job = this.#job(order);
    job.places++;
    if (job.stage === 'ahead') job.stage = 'seen';
    this.#work();
    return job.made;
  }

  /** One place does not wait for it any more: if none does and it was not begun yet, it is not. */
  drop(order: Order): void {
    const job = this.#jobs.get(keyOf(order));
    if (job && --job.places <= 0 && job.stage === 'seen') this.#end(job, null);
  }

  /** What may be looked at next, instead of what was prepared before. Resolves when all of it is there, or failed. */
  async prepare(orders: Order[]): Promise<void> {
    const wanted = new Set(orders.map(keyOf));
    for (const [key, job] of this.#jobs) if (job.stage === 'ahead' && !wanted.has(key)) this.#end(job, null);
    const jobs = orders.filter((order) => !this.ready(order)).map((order) => this.#job(order));
    this.#work();
    await Promise.all(jobs.map(({ made }) => made));
  }

  #job(order: Order): Job<Print> {
    const known = this.#jobs.get(keyOf(order));
    if (known) return known;
    let settle: Job<Print>['settle'] = () => undefined;
    const made = new Promise<Print | null>((resolve) => (settle = resolve));
    const job: Job<Print> = { order, stage: 'ahead', places: 0, made, settle };
    this.#jobs.set(keyOf(order), job);
    return job;
  }

  #work(): void {
    const jobs = [...this.#jobs.values()];
    const free = AT_ONCE - jobs.filter(({ stage }) => stage === 'making').length;
    const waiting = [...jobs.filter(({ stage }) => stage === 'seen'), ...jobs.filter(({ stage }) => stage === 'ahead')];
    for (const job of waiting.slice(0, Math.max(0, free))) void this.#begin(job);
  }

  async #begin(job: Job<Print>): Promise<void> {
    job.stage = 'making';
    const print = await this.#draw(job.order).catch(() => null);
    if (print) this.#keep(job.order, print);
    this.#end(job, print);
    this.#work();
  }

  #end(job: Job<Print>, print: Print | null): void {
    this.#jobs.delete(keyOf(job.order));
    job.settle(print);
  }

  #keep(order: Order, print: Print): void {
    this.#made.set(keyOf(order), { print, pixels: order.width * order.height });
    let pixels = [...this.#made.values()].reduce((total, made) => total + made.pixels, 0);
    for (const [key, made] of this.#made) {
      if (pixels <= this.#mostPixels) return;
      this.#made.delete(key);
      pixels -= made.pixels;
    }
  }
}

/** A print on paper of its own: only what is seen of the photo, at the size it is seen. */
export async function drawPrint({ url, width, height, focus }: Order): Promise<HTMLElement> {
  const image = await decodePhoto(url);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight);
  const [wide, high] = [image.naturalWidth * scale, image.naturalHeight * scale];
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, (width - wide) * focus.x, (height - high) * focus.y, wide, high);
  // The whole photo's pixels are given back at once.
  image.removeAttribute('src');
  return asImage(canvas);
}

/**
 * Chromium moves every canvas as a layer of its own, which a leaf that turns without a GPU cannot afford; an image is part of
 * its page. The window's photos are of another origin and cannot be read back, but WebKit paints a canvas into its page.
 */
async function asImage(canvas: HTMLCanvasElement): Promise<HTMLElement> {
  try {
    const image = new Image();
    image.alt = '';
    image.draggable = false;
    image.decoding = 'sync';
    image.src = canvas.toDataURL('image/jpeg', 0.92);
    await image.decode();
    canvas.width = canvas.height = 0;
    return image;
  } catch {
    return canvas;
  }
}

/** The print itself, or another of it where it hangs already: two albums may have one cover. */
export function toHang(print: HTMLElement): HTMLElement {
  if (!print.isConnected) return print;
  const copy = print.cloneNode() as HTMLElement;
  if (copy instanceof HTMLCanvasElement) copy.getContext('2d')?.drawImage(print as HTMLCanvasElement, 0, 0);
  return copy;
}

function keyOf({ photoId, width, height }: Order): string {
  return `${photoId} ${width}x${height}`;
}
