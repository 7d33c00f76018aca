// Structural similarity (Wang et al. 2004) of two pictures' luma: windows of 8 x 8, every 4 pixels.

import sharp from 'sharp';

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const WINDOW = 8;
const STEP = 4;

/** The original at this size by one Lanczos pass over all its pixels, not encoded. */
export async function reference(photo, width, height) {
  const { data, info } = await sharp(photo, { unlimited: true }).autoOrient().raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return luma(sharp(data, { raw }).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }));
}

export async function decoded(picture) {
  return luma(sharp(picture));
}

async function luma(picture) {
  const { data, info } = await picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const values = new Float32Array(info.width * info.height);
  for (let i = 0; i < values.length; i += 1) {
    const at = i * info.channels;
    values[i] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  }
  return { values, width: info.width, height: info.height };
}

export function ssim(a, b) {
  if (a.width !== b.width || a.height !== b.height) throw new Error('pictures of different sizes');
  let [sum, windows] = [0, 0];
  for (let y = 0; y + WINDOW <= a.height; y += STEP) {
    for (let x = 0; x + WINDOW <= a.width; x += STEP) {
      sum += windowSsim(a, b, x, y);
      windows += 1;
    }
  }
  return sum / windows;
}

function windowSsim(a, b, left, top) {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + WINDOW; y += 1) {
    for (let at = y * a.width + left, end = at + WINDOW; at < end; at += 1) {
      const [p, q] = [a.values[at], b.values[at]];
      sa += p; sb += q; saa += p * p; sbb += q * q; sab += p * q;
    }
  }
  const n = WINDOW * WINDOW;
  const [ma, mb] = [sa / n, sb / n];
  const [va, vb, cov] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
  return ((2 * ma * mb + C1) * (2 * cov + C2)) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
}
