// Uploads 500 photos of 3 MB to a server with two stores while its jobs run, and compares the time with
// sha256sum + two cp + fsync of the same files on the same disk.

import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { BYTES, photos } from './photos.mjs';

const run = promisify(execFile);
const { values: options } = parseArgs({
  options: {
    program: { type: 'string' },
    fixtures: { type: 'string' },
    count: { type: 'string', default: '500' },
    parallel: { type: 'string', default: '4' },
    budget: { type: 'string', default: '0.6' },
    // Seconds to wait for the jobs the uploads left behind.
    drain: { type: 'string', default: '300' },
  },
});
const count = Number(options.count);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(options.parallel) });

const directory = await fs.mkdtemp(path.join(process.env.TMPDIR ?? os.tmpdir(), 'picup-bench-'));
let server;
// Interrupted, the server and the photos go as well.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server?.child.kill('SIGKILL');
    await fs.rm(directory, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  console.log(`making ${count} photos of ${BYTES / 1e6} MB`);
  const files = await photos(options.fixtures, path.join(directory, 'photos'), count);
  const digests = await Promise.all(files.map(async (file) => createHash('sha256').update(await fs.readFile(file)).digest('hex')));
  await run('sync');
  const first = await compare(files, 'first');
  server = await start();
  const account = await signUp();
  const idle = await rss();
  const ours = await upload(files, digests, account);
  const drained = await drain();
  const after = await rss();
  await stop();
  const second = await compare(files, 'second');
  report({ ours, comparator: (first + second) / 2, idle, after, drained });
} finally {
  if (server) await stop();
  await fs.rm(directory, { recursive: true, force: true });
}

/** Seconds of `sha256sum`, `cp`, `cp` and an fsync of every copy. */
async function compare(files, name) {
  const copies = ['a', 'b'].map((side) => path.join(directory, `${name}-${side}`));
  await Promise.all(copies.map((copy) => fs.mkdir(copy)));
  const started = process.hrtime.bigint();
  await run('sha256sum', files);
  for (const copy of copies) await run('cp', [...files, copy]);
  await run('sync', copies.flatMap((copy) => files.map((file) => path.join(copy, path.basename(file)))));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  await Promise.all(copies.map((copy) => fs.rm(copy, { recursive: true })));
  await run('sync');
  return seconds;
}

async function start() {
  const backup = path.join(directory, 'backup');
  await fs.mkdir(backup);
  const args = ['serve', '--data-dir', path.join(directory, 'data'), '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
  const env = { ...process.env, PICUP__STORAGE__BACKUP__PATH: backup };
  const child = spawn(options.program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('exit', (code) => reject(new Error(`picup-server ended with ${code}`)));
  });
  return { child, env, url: new URL(`http://${JSON.parse(line).listen}`) };
}

async function stop() {
  const { child } = server;
  server = undefined;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await ended;
  clearTimeout(late);
}

/** One request; `body` is a buffer, or a file to stream. */
function request(method, target, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request(new URL(target, server.url), { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode >= 300) reject(new Error(`${method} ${target}: ${answer.statusCode} ${text}`));
        else resolve({ headers: answer.headers, text });
      });
    });
    sent.on('error', reject);
    if (typeof body === 'string') createReadStream(body, { highWaterMark: 1 << 20 }).pipe(sent);
    else sent.end(body);
  });
}

async function signUp() {
  const body = JSON.stringify({
    email: 'bench@example.org', password: 'a long enough passphrase', display_name: 'Bench', family_name: 'Bench',
    locale: 'en', client: 'app',
  });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signedIn = JSON.parse((await request('POST', '/v1/auth/signup', headers, Buffer.from(body))).text);
  const bearer = { authorization: `Bearer ${signedIn.access_token}`, 'tus-resumable': '1.0.0' };
  const me = JSON.parse((await request('GET', '/v1/me', bearer)).text);
  return { bearer, family: me.families[0].id };
}

/** Seconds until the last photo was accepted, and the server's largest memory meanwhile. */
async function upload(files, digests, account) {
  const waiting = files.map((file, index) => ({ file, digest: digests[index] }));
  let peak = 0;
  const watch = setInterval(async () => { peak = Math.max(peak, await rss()); }, 200);
  const started = process.hrtime.bigint();
  const senders = Array.from({ length: Number(options.parallel) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await send(next, account);
  });
  await Promise.all(senders);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  clearInterval(watch);
  return { seconds, peak };
}

/** Creation, then one piece: what every client does. */
async function send({ file, digest }, { bearer, family }) {
  const pairs = { filename: path.basename(file), family, sha256: digest };
  const metadata = Object.entries(pairs).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const created = await request('POST', '/v1/uploads', { ...bearer, 'upload-length': BYTES, 'upload-metadata': metadata, 'content-length': 0 });
  const headers = { ...bearer, 'upload-offset': 0, 'content-type': 'application/offset+octet-stream', 'content-length': BYTES };
  const done = await request('PATCH', created.headers.location, headers, file);
  if (done.headers['picup-duplicate'] !== 'false') throw new Error(`${file} was not new`);
}

/** Seconds until no job waits; NaN when that takes longer than `--drain`. */
async function drain() {
  const started = Date.now();
  while (Date.now() - started < Number(options.drain) * 1000) {
    const args = ['admin', 'jobs', 'list', '--state', 'waiting', '--limit', '1', '--data-dir', path.join(directory, 'data')];
    const { stdout } = await run(options.program, args, { env: server.env });
    if (JSON.parse(stdout).jobs.length === 0) return (Date.now() - started) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  return NaN;
}

/** Resident memory of the server process in MB. */
async function rss() {
  if (!server) return 0;
  const status = await fs.readFile(`/proc/${server.child.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

function report({ ours, comparator, idle, after, drained }) {
  const ratio = comparator / ours.seconds;
  const megabytes = (value) => `${value.toFixed(0)} MB`;
  const rate = (seconds) => `${(count / seconds).toFixed(1)} photos/s`;
  console.log(`
upload, ${count} photos of ${BYTES / 1e6} MB, two stores, jobs running
  ours                              ${ours.seconds.toFixed(2)} s  ${rate(ours.seconds)}
  sha256sum + two cp + fsync        ${comparator.toFixed(2)} s  ${rate(comparator)}
  ratio                             ${ratio.toFixed(2)}x  (budget >= ${options.budget}x: ${ratio >= Number(options.budget) ? 'kept' : 'MISSED'})
  server memory                     ${megabytes(idle)} before, ${megabytes(ours.peak)} during, ${megabytes(after)} after
  jobs finished                     ${Number.isNaN(drained) ? `not within ${options.drain} s` : `${drained.toFixed(0)} s`} after the last photo`);
}
