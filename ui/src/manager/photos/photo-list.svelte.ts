// A list of photos read page by page, kept up to date by the family's events.
import type { Event, Page, Photo } from '$lib/api/gen/types';
import { photos as requests } from '../seam/api';

type ReadPage = (cursor: string | null) => Promise<Page<Photo>>;
/** Whether a photo belongs in this list; decides about arrivals and leavers. */
type Belongs = (photo: Photo) => boolean;

const REREAD_ABOVE = 20;
const BURST_MS = 250;

export class PhotoList {
  items = $state.raw<Photo[]>([]);
  loading = $state(false);
  complete = $state(false);
  error = $state.raw<unknown>(undefined);

  #cursor: string | null = null;
  #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly readPage: ReadPage,
    private readonly belongs: Belongs,
    /** Newest first, as the timeline; otherwise arrivals go to the end, as in an album. */
    private readonly newestFirst = true,
  ) {}

  async more(): Promise<void> {
    if (this.loading || this.complete) return;
    this.loading = true;
    this.error = undefined;
    try {
      const page = await this.readPage(this.#cursor);
      const known = new Set(this.items.map((photo) => photo.id));
      this.items = [...this.items, ...page.items.filter((photo) => !known.has(photo.id))];
      this.#cursor = page.next_cursor;
      this.complete = page.next_cursor === null;
    } catch (error) {
      this.error = error;
    } finally {
      this.loading = false;
    }
  }

  /** Reads every page: an order names every photo. */
  async all(): Promise<void> {
    while (!this.complete && this.error === undefined) await this.more();
  }

  /** Reads anew from the first page, without emptying the screen meanwhile. */
  async reread(): Promise<void> {
    const page = await this.readPage(null);
    this.items = page.items;
    this.#cursor = page.next_cursor;
    this.complete = page.next_cursor === null;
  }

  put(photo: Photo): void {
    const index = this.items.findIndex((each) => each.id === photo.id);
    if (!this.belongs(photo)) return this.remove(photo.id);
    if (index >= 0) this.items = this.items.with(index, photo);
    else this.#insert(photo);
  }

  remove(id: string): void {
    this.items = this.items.filter((photo) => photo.id !== id);
  }

  /** Follows events; a burst of them, such as an import, is read in one go. */
  heed(event: Event): void {
    if (event.kind !== 'change' || !('photo_id' in event.change)) return;
    const { kind, photo_id } = event.change;
    if (kind === 'photo_removed') return this.remove(photo_id);
    this.#changed.add(photo_id);
    this.#timer ??= setTimeout(() => void this.#readChanged(), BURST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #readChanged(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    this.#timer = undefined;
    if (ids.length > REREAD_ABOVE) return this.reread().catch(() => undefined);
    const answers = await Promise.allSettled(ids.map((id) => requests.get(id)));
    for (const answer of answers) if (answer.status === 'fulfilled') this.put(answer.value);
  }

  #insert(photo: Photo): void {
    if (!this.newestFirst) {
      if (this.complete) this.items = [...this.items, photo];
      return;
    }
    const at = this.items.findIndex((each) => each.taken_at.local < photo.taken_at.local);
    if (at >= 0) this.items = this.items.toSpliced(at, 0, photo);
    else if (this.complete) this.items = [...this.items, photo];
  }
}
