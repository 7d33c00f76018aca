// A new version of the window on a panel: one that shows a photo stays, one that shows none makes room for the old one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, readlink, realpath, rename, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { dirname, join } from 'node:path';
import { Home, descendants, eventually, kept, kioskProgram, log } from './home.mjs';
import { Panel, ended } from './panel.mjs';

/** Colours from which on a photo is on the panel; see `Panel.colours`. */
const A_PHOTO = 5_000;
const SUPERVISOR = process.env.PICUP_FRAME_BIN ?? join(dirname(kioskProgram), 'picup-frame');
/** Seconds; a minute in a home. */
const TRIAL = 15;

describe('a window that is kept by its supervisor', { timeout: 300_000 }, () => {
  let panel;
  let home;
  let versions;
  let supervisor;

  const program = (version) => join(versions, version, 'picup-kiosk');
  const folder = (version) => mkdirSync(join(versions, version), { recursive: true });
  const install = (version) => {
    folder(version);
    symlinkSync(kioskProgram, program(version));
  };
  /** A window that begins, and is that of a frame nobody has paired: it has no photo to show. */
  const installBlank = (version) => {
    folder(version);
    const flags = `--data-dir '${join(home.place, 'blank')}' --server http://127.0.0.1:9 --bridge 127.0.0.1:0`;
    writeFileSync(program(version), `#!/bin/sh\nexec '${kioskProgram}' ${flags}\n`, { mode: 0o755 });
  };
  const tryOut = async (version) => {
    await writeFile(join(versions, 'next.new'), `${version}\n`);
    await rename(join(versions, 'next.new'), join(versions, 'next'));
  };
  const text = (name) => readFile(join(versions, name), 'utf8').then((found) => found.trim(), () => null);
  const photoOnPanel = async (name) => (await panel.colours(join(kept, name))) > A_PHOTO;
  const windowPid = async () => (await descendants(supervisor.pid)).find(({ name }) => name === 'picup-kiosk')?.pid;

  before(async () => {
    panel = await Panel.plugIn();
    home = await Home.build();
    versions = join(home.place, 'versions');
    install('0.1.0');
    writeFileSync(join(versions, 'current'), '0.1.0\n');
    const args = ['supervise', '--versions', versions, '--trial-seconds', TRIAL, '--look-seconds', 1, '--', ...home.kioskFlags];
    supervisor = spawn(SUPERVISOR, args.map(String), { env: panel.environment, stdio: ['ignore', 'ignore', 'pipe'] });
    supervisor.stderr.pipe(log('supervisor.log'));
    await home.pairFrame();
    await home.drop('landscape_1.jpg');
    await eventually('the photo on the panel', 60_000, () => photoOnPanel('update-before.png'));
  });

  after(async () => {
    if (supervisor?.exitCode === null) supervisor.kill('SIGTERM');
    if (supervisor) await ended(supervisor);
    await home?.leave();
    await panel?.unplug();
  });

  test('a version that shows a photo becomes the current one', async () => {
    const old = await windowPid();
    install('0.2.0');
    await tryOut('0.2.0');
    await eventually('the verdict', (TRIAL * 2 + 60) * 1_000, async () => (await text('current')) === '0.2.0' && (await text('next')) === null);
    assert.ok(await photoOnPanel('update-accepted.png'), 'and the photo is on the panel');
    const now = await windowPid();
    assert.notEqual(now, old);
    assert.equal(await readlink(`/proc/${now}/exe`), await realpath(kioskProgram));
  });

  test('after a version whose window shows no photo the old one returns with its picture', async () => {
    const old = await windowPid();
    installBlank('0.3.0');
    await tryOut('0.3.0');
    await eventually('the end of the old window', 60_000, async () => !(await photoOnPanel('update-blank.png')));
    await eventually('the verdict', (TRIAL * 2 + 60) * 1_000, async () => (await text('failed-0.3.0')) !== null);
    await eventually('the old picture', 30_000, () => photoOnPanel('update-returned.png'));
    assert.deepEqual([await text('current'), await text('next')], ['0.2.0', null]);
    assert.notEqual(await windowPid(), old);
    const told = await eventually('the children hear of it', 30_000, async () => {
      const [frame] = (await home.ask('GET', `/v1/families/${home.family}/frames`)).items;
      return frame.heartbeat?.last_error?.includes('0.3.0') && frame.heartbeat.last_error;
    });
    console.log(`the children are told: ${told}`);
  });

  test('SIGTERM to the supervisor ends the window with it', async () => {
    const window = await windowPid();
    supervisor.kill('SIGTERM');
    assert.equal(await ended(supervisor), 0);
    await assert.rejects(readlink(`/proc/${window}/exe`), 'the window is gone');
  });
});
