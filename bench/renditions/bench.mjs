// Renditions of a 12 MP JPEG: ours beside sharp's, same photos, same run, in processor seconds.
//
// Ours is `picup-server imaging render`, one sandboxed process a photo as in the server, its start included. sharp
// runs warm in this process, in both of the ways it is used: three pipelines that each shrink while loading, and
// decoding once for all three as Immich does. The ratio is against the faster.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { photos } from './images.mjs';
import { decoded, reference, ssim } from './ssim.mjs';

const BUDGET = 0.25;
const ROUNDS = 3;
const SIZES = { thumb: 320, preview: 1440 };

const { values: options } = parseArgs({
  options: { program: { type: 'string' }, fixtures: { type: 'string' }, scratch: { type: 'string' }, json: { type: 'boolean' } },
});

sharp.concurrency(1);
sharp.cache(false);

const inside = (side) => ({ width: side, height: side, fit: 'inside', withoutEnlargement: true });

async function sharpFromFile(photo, out) {
  const open = () => sharp(photo).autoOrient();
  await finish(open, out);
}

async function sharpDecodingOnce(photo, out) {
  const { data, info } = await sharp(photo).autoOrient().raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await finish(() => sharp(data, { raw }), out);
}

async function finish(open, out) {
  for (const [name, side] of Object.entries(SIZES)) {
    await open().resize(inside(side)).webp().toFile(path.join(out, `${name}.webp`));
  }
  const small = open().resize(inside(100)).ensureAlpha().raw();
  const { data, info } = await small.toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(info.width, info.height, data);
}

async function sharpSeconds(render, paths, out) {
  const before = process.cpuUsage();
  for (const photo of paths) {
    await fs.mkdir(path.join(out, path.parse(photo).name), { recursive: true });
    await render(photo, path.join(out, path.parse(photo).name));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function ourSeconds(paths, out) {
  const script = 'TIMEFORMAT="%U %S"; program=$1; out=$2; shift 2; time for photo; do ' +
    '"$program" imaging render --json --renditions thumb,preview --out "$out" "$photo" >/dev/null || exit 1; done';
  const done = spawnSync('bash', ['-c', script, 'bench', options.program, out, ...paths], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${options.program}: ${done.stderr}`);
  return done.stderr.trim().split(' ').map(Number).reduce((a, b) => a + b);
}

async function likeness(paths, out, name) {
  let sum = 0;
  for (const photo of paths) {
    const made = await decoded(path.join(out, path.parse(photo).name, `${name}.webp`));
    sum += ssim(made, await reference(photo, made.width, made.height));
  }
  return sum / paths.length;
}

async function bytes(paths, out, name) {
  const sizes = paths.map(async (photo) => (await fs.stat(path.join(out, path.parse(photo).name, `${name}.webp`))).size);
  return (await Promise.all(sizes)).reduce((a, b) => a + b) / paths.length;
}

const scratch = options.scratch ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'picup-bench-')));
const paths = await photos(options.fixtures, path.join(scratch, 'photos'));
const [ours, theirs] = [path.join(scratch, 'ours'), path.join(scratch, 'sharp')];
const seconds = { ours: 0, fromFile: 0, once: 0 };
await sharpSeconds(sharpDecodingOnce, paths.slice(0, 1), theirs);
ourSeconds(paths.slice(0, 1), ours);
for (let round = 0; round < ROUNDS; round += 1) {
  seconds.once += await sharpSeconds(sharpDecodingOnce, paths, theirs);
  seconds.ours += ourSeconds(paths, ours);
  seconds.fromFile += await sharpSeconds(sharpFromFile, paths, theirs);
}

const count = ROUNDS * paths.length;
const each = Object.fromEntries(Object.entries(seconds).map(([name, total]) => [name, total / count]));
const ratio = each.ours / Math.min(each.fromFile, each.once);
const quality = {};
for (const name of Object.keys(SIZES)) {
  quality[name] = {
    ours: await likeness(paths, ours, name), sharp: await likeness(paths, theirs, name),
    ourBytes: await bytes(paths, ours, name), sharpBytes: await bytes(paths, theirs, name),
  };
}

if (options.json) {
  console.log(JSON.stringify({ seconds_per_photo: each, ratio, budget: BUDGET, quality }));
} else {
  const ms = (value) => `${(value * 1000).toFixed(0)} ms`.padStart(9);
  console.log(`renditions: thumb + 1440 preview + thumbhash of a 12 MP JPEG, ${paths.length} photos, ${ROUNDS} rounds`);
  console.log(`  processor time a photo     ours ${ms(each.ours)}   sharp, decoding once ${ms(each.once)}   sharp, from file ${ms(each.fromFile)}`);
  console.log(`  ratio to the faster sharp  ${ratio.toFixed(2)}x   budget ${BUDGET}x   ${ratio <= BUDGET ? 'within' : 'MISSED'}`);
  console.log(`  ratio to Immich's way      ${(each.ours / each.once).toFixed(2)}x   photos/s on one core: ours ${(1 / each.ours).toFixed(1)}, sharp ${(1 / each.once).toFixed(1)}`);
  for (const [name, q] of Object.entries(quality)) {
    const kb = (value) => `${(value / 1000).toFixed(0)} kB`;
    const verdict = q.ours >= q.sharp ? 'no worse' : 'WORSE';
    console.log(`  SSIM of the ${name.padEnd(8)}       ours ${q.ours.toFixed(4)} (${kb(q.ourBytes)})   sharp ${q.sharp.toFixed(4)} (${kb(q.sharpBytes)})   ${verdict}`);
  }
}
if (!options.scratch) await fs.rm(scratch, { recursive: true });
