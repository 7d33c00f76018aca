// Turns an address into a picture that is ready to be painted, and into the soft colours around it.

/** A photo whose every pixel is decoded. Rejects for anything that is not a whole picture. */
export async function decodePhoto(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.decoding = 'async';
  image.draggable = false;
  image.alt = '';
  image.src = url;
  await image.decode();
  if (image.naturalWidth === 0) throw new Error('an empty picture');
  return image;
}

const SOFT_WIDTH = 64;
const SOFT_HEIGHT = 40;
const SPREAD = [1, 2, 3, 4, 5, 6];

/**
 * Paints a very small blurred copy of `image`, which the browser then stretches over the screen.
 *
 * A CSS blur of a whole screen is painted anew in every frame of a fade where there is no GPU; this is painted once.
 * Blurring is averaging shifted copies, because the canvas of another origin's picture cannot be read back. The shade over
 * it, the canvas's own CSS `color`, is painted in: one layer less to blend sixty times a second.
 */
export function paintSoft(canvas: HTMLCanvasElement, image: HTMLImageElement): void {
  canvas.width = SOFT_WIDTH;
  canvas.height = SOFT_HEIGHT;
  const scale = Math.max(SOFT_WIDTH / image.naturalWidth, SOFT_HEIGHT / image.naturalHeight);
  const width = image.naturalWidth * scale;
  const height = image.naturalHeight * scale;
  const first = pad(canvas);
  first.drawImage(image, (SOFT_WIDTH - width) / 2, (SOFT_HEIGHT - height) / 2, width, height);
  const across = pad(canvas);
  average(across, first.canvas, 1, 0);
  const both = canvas.getContext('2d');
  if (!both) return;
  average(both, across.canvas, 0, 1);
  both.fillStyle = getComputedStyle(canvas).color;
  both.fillRect(0, 0, canvas.width, canvas.height);
}

function pad(like: HTMLCanvasElement): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = like.width;
  canvas.height = like.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  return context;
}

function average(into: CanvasRenderingContext2D, from: HTMLCanvasElement, x: number, y: number): void {
  into.globalAlpha = 1;
  into.drawImage(from, 0, 0);
  const shifts = SPREAD.flatMap((step) => [step, -step]);
  shifts.forEach((shift, index) => {
    into.globalAlpha = 1 / (index + 2);
    // Beyond the edge there is nothing: the part pushed in from outside keeps what was there, which reads as stretching.
    into.drawImage(from, shift * x, shift * y);
  });
  into.globalAlpha = 1;
}
