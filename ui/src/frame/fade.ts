// Decides which picture is on the screen while others are still being decoded.
//
// Rule: a picture reaches the screen only when it is wholly decoded, the newest wish wins, and a picture that cannot be
// decoded leaves the old one where it is. Two side by side reach it together; where only the second is torn, the first
// is shown alone. No document is touched here: loading and showing are arguments.
import type { Slide } from '$lib/api/gen/types';

export interface Picture<Image> {
  /** Distinguishes two showings of one photo. */
  key: number;
  /** Its `beside` is there only where its picture is. */
  slide: Slide;
  image: Image;
  /** The picture at its side. */
  beside: Image | null;
}

export interface FadeOptions<Image> {
  /** Resolves when every pixel is decoded. */
  load: (slide: Slide) => Promise<Image>;
  show: (picture: Picture<Image>) => void;
  failed: (slide: Slide) => void;
  /** Milliseconds after which a picture that neither loads nor fails counts as failed. */
  patience: number;
}

export class FadeQueue<Image> {
  #options: FadeOptions<Image>;
  #wish = 0;
  #on: Picture<Image> | null = null;
  /** The picture that was wished for last is on its way. */
  #decoding = false;

  constructor(options: FadeOptions<Image>) {
    this.#options = options;
  }

  /** Nothing is on, and nothing will be by itself. */
  get isEmpty(): boolean {
    return this.#on === null && !this.#decoding;
  }

  /** Shows `slide` as soon as it is decoded, unless another is wished for before. */
  async show(slide: Slide): Promise<void> {
    const wish = ++this.#wish;
    if (this.#on && isSamePicture(this.#on.slide, slide)) {
      this.#put({ ...this.#on, slide });
      return;
    }
    this.#decoding = true;
    const [image, beside] = await Promise.all([this.#load(slide), slide.beside ? this.#load(slide.beside) : null]);
    if (wish !== this.#wish) return;
    this.#decoding = false;
    if (image === null) return;
    this.#put({ key: wish, slide: beside === null ? { ...slide, beside: null } : slide, image, beside });
  }

  /** Takes new words or a heart of what is on; anything else is left alone. */
  refresh(change: (slide: Slide) => Slide): void {
    if (this.#on) this.#put({ ...this.#on, slide: change(this.#on.slide) });
  }

  /** Forgets what is on, so that the next wish fades in even if it is the same photo. */
  clear(): void {
    this.#wish++;
    this.#on = null;
    this.#decoding = false;
  }

  /** Null for a picture that cannot be decoded, which is told. */
  async #load(slide: Slide): Promise<Image | null> {
    try {
      return await within(this.#options.patience, this.#options.load(slide));
    } catch {
      this.#options.failed(slide);
      return null;
    }
  }

  #put(picture: Picture<Image>): void {
    this.#on = picture;
    this.#options.show(picture);
  }
}

function isSamePicture(one: Slide, other: Slide): boolean {
  return one.photo_id === other.photo_id && one.beside?.photo_id === other.beside?.photo_id;
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
