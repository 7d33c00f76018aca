// Makes the photos a family has: most of two to three megapixels, some of 24, a few of 50 to 100, a few of other formats,
// and some that are torn.
//
// A few real pictures in several sizes, each file with a comment of its own: every one has its own digest and decodes like
// any photo. Deterministic: the same files on every machine, in the same mixed order.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const sharp = createRequire(new URL('../renditions/images.mjs', import.meta.url))('sharp');
const SOURCES = ['landscape_1.jpg', 'gps.jpg', 'portrait_1.jpg', 'landscape_6.jpg', 'png.png', 'webp.webp'];
const OTHERS = ['heic.heic', 'png.png', 'webp.webp', 'avif.avif', 'tiff.tif', 'bmp.bmp'];
const USUAL = [[1920, 1080], [1800, 1200], [2000, 1500]];
const LARGE = [6000, 4000];
const HUGE = [[8660, 5774], [9500, 6334], [11000, 7334], [12240, 8160]];
/** The part of a torn file that is there. */
const TORN_AT = 0.4;

/** `{ file, kind }` of `count` photos in `directory`. Those of kind `torn` are not to be shown. */
export async function makePhotos(fixtures, directory, count) {
  await mkdir(directory, { recursive: true });
  const torn = Math.max(2, Math.round(count / 100));
  const large = Math.max(1, Math.round(count / 50));
  const huge = Math.min(HUGE.length, Math.max(1, Math.round(count / 500)));
  const usual = count - torn - large - huge - OTHERS.length;
  if (usual < 1) throw new Error(`${count} photos are too few`);
  const photos = [
    ...(await copies(await enlarged(fixtures, SOURCES, USUAL), usual, 'usual', directory)),
    ...(await copies(await enlarged(fixtures, SOURCES.slice(0, 2), [LARGE]), large, 'large', directory)),
    ...(await copies(await enlarged(fixtures, SOURCES.slice(0, 1), HUGE.slice(-huge)), huge, 'huge', directory)),
    ...OTHERS.map((name) => ({ file: path.join(fixtures, name), kind: 'other' })),
    ...(await copies(await enlarged(fixtures, SOURCES, USUAL.slice(0, 1)), torn, 'torn', directory)),
  ];
  return mixed(photos);
}

/** Every source in every size, upright, as JPEG. */
async function enlarged(fixtures, sources, sizes) {
  const jpegs = [];
  for (const source of sources) {
    const upright = await sharp(path.join(fixtures, source)).rotate().toBuffer();
    const { width, height } = await sharp(upright).metadata();
    for (const [long, short] of sizes) {
      const [w, h] = width >= height ? [long, short] : [short, long];
      const picture = sharp(upright, { limitInputPixels: false }).removeAlpha().toColourspace('srgb');
      jpegs.push(await picture.resize(w, h, { fit: 'cover', kernel: 'cubic' }).jpeg({ quality: 82 }).toBuffer());
    }
  }
  return jpegs;
}

async function copies(jpegs, count, kind, directory) {
  const photos = [];
  for (let index = 0; index < count; index += 1) {
    const file = path.join(directory, `${kind}-${String(index).padStart(4, '0')}.jpg`);
    const whole = withComment(jpegs[index % jpegs.length], `${kind} ${index}`);
    await writeFile(file, kind === 'torn' ? whole.subarray(0, whole.length * TORN_AT) : whole);
    photos.push({ file, kind });
  }
  return photos;
}

/** A comment segment (T.81, B.2.4.5) behind the start marker. */
function withComment(jpeg, words) {
  const head = Buffer.from([0xff, 0xfe, 0, words.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(words), jpeg.subarray(2)]);
}

/** Shuffled, the same way each time. */
function mixed(photos) {
  let state = 20_261_126;
  for (let last = photos.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (last + 1);
    [photos[last], photos[other]] = [photos[other], photos[last]];
  }
  return photos;
}
