// Turns the slides as fast as the page paints them: the next one is asked for when the page has said that the one before
// is decoded and painted.
import { pause } from '../../ui/tests/kiosk/home.mjs';

const PATIENCE_MS = 30_000;
/** After this long it is asked whether another photo has come on, because the wanted one cannot be shown. */
const DOUBT_MS = 300;

export class Slides {
  painted = 0;
  /** Slides the page could not paint, so that the frame went on by itself. */
  replaced = 0;
  /** The photos of the slide before. */
  #last = [];

  constructor(home, onpainted = async () => undefined) {
    this.home = home;
    this.onpainted = onpainted;
  }

  /** Until `count` slides have been painted altogether; `each` is told after every one. */
  async paint(count, each = async () => undefined) {
    while (this.painted < count) {
      const slide = await this.#paintNext();
      if (!slide) continue;
      this.painted += 1;
      await this.onpainted(slide);
      await each(this.painted);
    }
  }

  /** Null where a photo stays on: what the page says of it would prove nothing. */
  async #paintNext() {
    const wanted = await this.home.engine('next');
    if (!wanted) throw new Error('the frame has nothing to show');
    const photos = [wanted.photo_id, wanted.beside?.photo_id];
    if (this.#last.some((photo) => photos.includes(photo))) return null;
    const slide = await this.#whenPainted(wanted);
    this.#last = [slide.photo_id, slide.beside?.photo_id].filter(Boolean);
    return slide;
  }

  async #whenPainted(wanted) {
    let asked = Date.now();
    for (const until = asked + PATIENCE_MS; Date.now() < until; ) {
      // Of a pair the page tells both, in whatever order the engine then hears of them.
      const { now_showing: showing } = await this.home.engine('status');
      if (showing === wanted.photo_id || showing === wanted.beside?.photo_id) return wanted;
      if (Date.now() - asked > DOUBT_MS) {
        asked = Date.now();
        const on = await this.home.engine('current');
        if (on && on.photo_id !== wanted.photo_id) this.replaced += 1;
        wanted = on ?? wanted;
      }
      await pause(10);
    }
    const { now_showing: showing } = await this.home.engine('status');
    const words = `slide ${this.painted + 1} was not painted within ${PATIENCE_MS / 1000} s`;
    throw new Error(`${words}: wanted ${wanted.photo_id} beside ${wanted.beside?.photo_id}, painted ${showing}`);
  }
}
