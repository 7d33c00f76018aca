// Makes the 12 MP photos that both sides render.
//
// Fixtures are small, so they are enlarged and given the fine texture and sensor noise that a real photo's size on
// disk, and so its decoding time, comes from. Deterministic: the same photos on every machine.

import fs from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const LONG = 4032;
const SHORT = 3024;
const SOURCES = ['landscape_1.jpg', 'portrait_1.jpg', 'gps.jpg', 'png.png', 'webp.webp', 'tiff.tif'];

/** Paths of the photos, made in `directory` where they are missing. */
export async function photos(fixtures, directory) {
  await fs.mkdir(directory, { recursive: true });
  const paths = [];
  for (const [index, source] of SOURCES.entries()) {
    const target = path.join(directory, `${path.parse(source).name}.jpg`);
    paths.push(target);
    await fs.access(target).catch(() => make(path.join(fixtures, source), target, index + 1));
  }
  return paths;
}

async function make(source, target, seed) {
  const { width, height } = await sharp(source).metadata();
  const [w, h] = width >= height ? [LONG, SHORT] : [SHORT, LONG];
  const enlarged = sharp(source).removeAlpha().toColourspace('srgb').resize(w, h, { fit: 'cover', kernel: 'cubic' });
  const { data, info } = await enlarged.raw().toBuffer({ resolveWithObject: true });
  addDetail(data, info.width, info.channels, seed);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await sharp(data, { raw }).jpeg({ quality: 92, chromaSubsampling: '4:2:0' }).toFile(target);
}

/** Texture at three scales, weaker where the picture is flat and bright, as skies are; and one bit of noise. */
function addDetail(data, width, channels, seed) {
  const octaves = [2, 5, 11].map((cell, octave) => ({ cell, noise: noiseTable(seed * 3 + octave) }));
  const grain = noiseTable(seed + 1000);
  for (let at = 0, pixel = 0; at < data.length; at += channels, pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    let detail = grain[(x * 31 + y * 977) & 65535] * 3;
    for (const { cell, noise } of octaves) {
      detail += noise[(Math.floor(x / cell) * 131 + Math.floor(y / cell) * 2671) & 65535] * 6;
    }
    const strength = data[at + 1] > 200 ? 0.3 : 1;
    for (let channel = 0; channel < 3; channel += 1) {
      data[at + channel] = Math.max(0, Math.min(255, data[at + channel] + detail * strength));
    }
  }
}

/** 65,536 numbers from -1 to 1, by mulberry32. */
function noiseTable(seed) {
  let state = seed >>> 0;
  return Float32Array.from({ length: 65536 }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2147483648 - 1;
  });
}
