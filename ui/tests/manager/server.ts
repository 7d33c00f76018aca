// Starts the real server with an empty data directory before the tests, and stops it after them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../../..');
const START_MS = 30_000;
/** Low enough for a test to go beyond. */
export const MAX_UPLOAD_BYTES = 24_000_000;

export default async function startServer(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'picup-manager-'));
  const webDir = join(ROOT, 'ui/dist');
  if (!existsSync(join(webDir, 'manager.html'))) throw new Error('ui/dist is empty: run `npm run build` first');

  const listen = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
  const server = spawn(serverBinary(), ['serve', '--data-dir', dataDir, '--web-dir', webDir, ...listen], {
    stdio: ['ignore', 'pipe', process.env['PICUP_TEST_LOG'] ? 'inherit' : 'ignore'],
    env: {
      ...process.env,
      // All tests come from one address; limits on it have tests of their own.
      PICUP__AUTH__SIGNIN_PER_MINUTE: '10000',
      PICUP__LIMITS__MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES),
    },
  });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));

  const address = await new Promise<string>((ready, failed) => {
    const timer = setTimeout(() => failed(new Error('the server did not get ready')), START_MS);
    server.once('error', failed);
    server.once('exit', (code) => failed(new Error(`the server stopped with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const said = line.startsWith('{') ? (JSON.parse(line) as { ready?: boolean; listen?: string }) : {};
      if (!said.ready || !said.listen) return;
      clearTimeout(timer);
      ready(`http://${said.listen}`);
    });
  });
  process.env['PICUP_TEST_URL'] = address;

  return async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
}

function serverBinary(): string {
  const target = process.env['CARGO_TARGET_DIR'] ?? join(ROOT, 'target');
  const binary = process.env['PICUP_SERVER_BIN'] ?? join(target, 'debug/picup-server');
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run \`cargo build -p picup-server\` first`);
  return binary;
}
