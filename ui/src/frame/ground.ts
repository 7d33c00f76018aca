// What lies behind a photo: its own soft colours or its mat, and the shadows on it, painted once at the panel's size.
//
// Without a GPU a browser paints anew, in every frame of a fade, what CSS blurs, shades and stretches: that halves the
// frames. One bitmap of the panel's own pixels costs it nothing.
import type { Size } from './halves';
import { softCopy } from './pictures';

export interface Ground {
  image: HTMLImageElement;
  /** Null for the photo's own soft colours. */
  mat: string | null;
  /** Where photos lie, in CSS pixels of the layer. */
  windows: DOMRect[];
  /** CSS pixels. */
  millimetre: number;
}

interface Shadow {
  /** CSS pixels, and what CSS calls so. */
  down: number;
  blur: number;
  colour: string;
}

/** Fills `canvas`, which covers the layer, and may reach beyond it on all sides. */
export function paintGround(canvas: HTMLCanvasElement, { image, mat, windows, millimetre }: Ground): void {
  const at = canvas.getBoundingClientRect();
  canvas.width = Math.round(at.width * devicePixelRatio);
  canvas.height = Math.round(at.height * devicePixelRatio);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  const shade = getComputedStyle(canvas).color;
  context.scale(devicePixelRatio, devicePixelRatio);
  if (mat === null) fillSoftly(context, image, shade, at);
  else fillWithMat(context, mat, at, { down: millimetre, blur: millimetre * 5, colour: shade });
  const thrown = mat === null ? { down: 0, blur: millimetre * 6, colour: shade } : { down: millimetre * 0.4, blur: millimetre * 1.6, colour: shade };
  for (const { x, y, width, height } of windows) {
    throwShadow(context, thrown, (path) => path.rect(x - at.x, y - at.y, width, height));
  }
}

/** Stretched a little beyond the edges, so that its own soft edge is not seen. */
function fillSoftly(context: CanvasRenderingContext2D, image: HTMLImageElement, shade: string, { width, height }: Size): void {
  context.imageSmoothingQuality = 'high';
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
  // A canvas knows no scale when it throws shadows.
  context.shadowColor = colour;
  context.shadowBlur = blur * devicePixelRatio;
  context.shadowOffsetY = down * devicePixelRatio;
  context.fillStyle = 'black';
  context.fill(path, 'evenodd');
  context.restore();
}
