// A picture as it lies on the panel, but for what moves: its soft colours or its mat, the shadows on it, and the photos, painted
// once at the panel's size.
//
// Without a GPU a browser paints anew, in every frame of a fade, what CSS blurs, shades and stretches, and a photo that is not as
// large as its window: that halves the frames. One bitmap of the panel's own pixels costs it the least.
import type { Size } from './halves';
import { softCopy } from './pictures';

export interface Ground {
  /** Whose colours they are. */
  image: HTMLImageElement;
  /** Null for the photo's own soft colours. */
  mat: string | null;
  panes: Pane[];
  /** CSS pixels. */
  millimetre: number;
}

/** Where a photo lies. */
export interface Pane {
  /** CSS pixels of the page. */
  box: DOMRect;
  /** Null for one that moves, and is painted over the ground. */
  photo: HTMLImageElement | null;
}

interface Shadow {
  /** Pixels, and what CSS calls so. */
  down: number;
  blur: number;
  colour: string;
}

/** Fills `canvas`, which covers the layer, and may reach beyond it on all sides. Answers whether it could. */
export function paintGround(canvas: HTMLCanvasElement, { image, mat, panes, millimetre }: Ground): boolean {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return false;
  const at = inPixels(canvas.getBoundingClientRect());
  canvas.width = at.width;
  canvas.height = at.height;
  context.imageSmoothingQuality = 'high';
  const shade = getComputedStyle(canvas).color;
  const mm = millimetre * devicePixelRatio;
  if (mat === null) fillSoftly(context, image, shade, at);
  else fillWithMat(context, mat, at, { down: mm, blur: mm * 5, colour: shade });
  const thrown = mat === null ? { down: 0, blur: mm * 6, colour: shade } : { down: mm * 0.4, blur: mm * 1.6, colour: shade };
  context.translate(-at.x, -at.y);
  for (const { box, photo } of panes) {
    const { x, y, width, height } = inPixels(box);
    throwShadow(context, thrown, (path) => path.rect(x, y, width, height));
    if (photo) context.drawImage(photo, x, y, width, height);
  }
  return true;
}

/** The panel's own: a photo that fits its window is not even stretched by half of one. */
function inPixels({ left, top, right, bottom }: DOMRect): DOMRect {
  const pixels = (length: number) => Math.round(length * devicePixelRatio);
  return new DOMRect(pixels(left), pixels(top), pixels(right) - pixels(left), pixels(bottom) - pixels(top));
}

/** Stretched a little beyond the edges, so that its own soft edge is not seen. */
function fillSoftly(context: CanvasRenderingContext2D, image: HTMLImageElement, shade: string, { width, height }: Size): void {
  context.drawImage(softCopy(image), width * -0.04, height * -0.04, width * 1.08, height * 1.08);
  context.fillStyle = shade;
  context.fillRect(0, 0, width, height);
}

/** With the shadow a wooden frame throws on it. */
function fillWithMat(context: CanvasRenderingContext2D, mat: string, { width, height }: Size, shadow: Shadow): void {
  context.fillStyle = mat;
  context.fillRect(0, 0, width, height);
  const beyond = shadow.blur * 2;
  throwShadow(context, shadow, (frame) => {
    frame.rect(-beyond, -beyond, width + beyond * 2, height + beyond * 2);
    frame.rect(0, 0, width, height);
  });
}

function throwShadow(context: CanvasRenderingContext2D, { down, blur, colour }: Shadow, draw: (path: Path2D) => void): void {
  const path = new Path2D();
  draw(path);
  context.save();
  context.shadowColor = colour;
  context.shadowBlur = blur;
  context.shadowOffsetY = down;
  context.fillStyle = 'black';
  context.fill(path, 'evenodd');
  context.restore();
}
