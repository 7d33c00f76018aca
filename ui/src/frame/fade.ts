// Decides which picture is on the screen while others are still being decoded.
//
// Rule: a picture reaches the screen only when it is wholly decoded, the newest wish wins, and a picture that cannot be
// decoded leaves the old one where it is. No document is touched here: loading and showing are arguments.
import type { Slide } from '$lib/api/gen/types';

export interface Picture<Image> {
  /** Distinguishes two showings of one photo. */
  key: number;
  slide: Slide;
  image: Image;
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

  constructor(options: FadeOptions<Image>) {
    this.#options = options;
  }

  /** Shows `slide` as soon as it is decoded, unless another is wished for before. */
  async show(slide: Slide): Promise<void> {
    const wish = ++this.#wish;
    if (this.#on?.slide.photo_id === slide.photo_id) {
      this.#put({ ...this.#on, slide });
      return;
    }
    try {
      const image = await within(this.#options.patience, this.#options.load(slide));
      if (wish === this.#wish) this.#put({ key: wish, slide, image });
    } catch {
      this.#options.failed(slide);
    }
  }

  /** Forgets what is on, so that the next wish fades in even if it is the same photo. */
  clear(): void {
    this.#wish++;
    this.#on = null;
  }

  #put(picture: Picture<Image>): void {
    this.#on = picture;
    this.#options.show(picture);
  }
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
