// Makes 500 different photos of 3 MB.
//
// A few real 12 MP pictures, each with its own comment segments: every file has its own digest and decodes like any
// photo. Deterministic: the same files on every machine.

import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { photos as pictures } from '../renditions/images.mjs';

const sharp = createRequire(new URL('../renditions/images.mjs', import.meta.url))('sharp');
export const BYTES = 3_000_000;
const MAX_SEGMENT = 65_000;

/** Paths of `count` photos in `directory`. */
export async function photos(fixtures, directory, count) {
  await fs.mkdir(directory, { recursive: true });
  const sources = await pictures(fixtures, path.join(directory, 'pictures'));
  const bases = await Promise.all(sources.map(smaller));
  const paths = [];
  for (let index = 0; index < count; index += 1) {
    const target = path.join(directory, `photo-${String(index).padStart(4, '0')}.jpg`);
    paths.push(target);
    await fs.writeFile(target, withComments(bases[index % bases.length], index));
  }
  return paths;
}

/** The picture at the best quality that leaves room for a comment. */
async function smaller(source) {
  for (let quality = 92; quality > 10; quality -= 4) {
    const jpeg = await sharp(source).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
    if (jpeg.length < BYTES - 1000) return jpeg;
  }
  throw new Error(`${source} does not fit into ${BYTES} bytes`);
}

/** Comment segments (T.81, B.2.4.5) behind the start marker fill the file up to its size. */
function withComments(jpeg, index) {
  const segments = [jpeg.subarray(0, 2)];
  let state = (index + 1) >>> 0;
  for (let missing = BYTES - jpeg.length; missing > 0; ) {
    let length = Math.min(missing, MAX_SEGMENT);
    if (missing - length > 0 && missing - length < 8) length -= 8;
    const segment = Buffer.alloc(length);
    segment.writeUInt16BE(0xfffe, 0);
    segment.writeUInt16BE(length - 2, 2);
    for (let at = 4; at < length; at += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      segment[at] = state >>> 24;
    }
    segments.push(segment);
    missing -= length;
  }
  return Buffer.concat([...segments, jpeg.subarray(2)]);
}
