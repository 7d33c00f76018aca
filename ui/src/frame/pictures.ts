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
 * A very small blurred copy of `image`, to be stretched over the screen.
 *
 * Blurring is averaging shifted copies, because the canvas of another origin's picture cannot be read back.
 */
export function softCopy(image: HTMLImageElement): HTMLCanvasElement {
  const scale = Math.max(SOFT_WIDTH / image.naturalWidth, SOFT_HEIGHT / image.naturalHeight);
  const width = image.naturalWidth * scale;
  const height = image.naturalHeight * scale;
  const [first, across, both] = [pad(), pad(), pad()];
  first.drawImage(image, (SOFT_WIDTH - width) / 2, (SOFT_HEIGHT - height) / 2, width, height);
  average(across, first.canvas, 1, 0);
  average(both, across.canvas, 0, 1);
  return both.canvas;
}

function pad(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = SOFT_WIDTH;
  canvas.height = SOFT_HEIGHT;
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
