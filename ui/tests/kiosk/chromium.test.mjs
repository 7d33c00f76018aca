// The same screen in Chromium, started as docs/kiosk.md says, against the frame without a window.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Home, eventually, kept, kioskProgram, log, pause } from './home.mjs';
import { Panel, ended } from './panel.mjs';

const A_PHOTO = 5_000;
const frameProgram = process.env.PICUP_FRAME_BIN ?? join(dirname(kioskProgram), 'picup-frame');
const pages = fileURLToPath(new URL('../../dist', import.meta.url));
const keep = (name) => join(kept, name);

describe('the frame in Chromium', { timeout: 180_000 }, () => {
  let panel;
  let home;
  let frame;
  let browser;

  const flags = () => [
    '--kiosk', `--app=http://${home.bridge}/`, `--user-data-dir=${join(home.place, 'chromium')}`, '--no-first-run', '--noerrdialogs',
    '--disable-infobars', '--disable-session-crashed-bubble', '--disable-features=Translate,OverscrollHistoryNavigation', '--disable-pinch',
    '--overscroll-history-navigation=0', '--autoplay-policy=no-user-gesture-required', '--password-store=basic', '--check-for-update-interval=31536000',
  ];
  // Of this test alone: its account may be root's, and its machine has no GPU.
  const here = process.getuid() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
  const openBrowser = () => {
    browser = spawn('chromium', [...flags(), ...here], { env: panel.environment, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    browser.stderr.pipe(log('chromium.log'));
  };
  const closeBrowser = async (signal) => {
    // Its whole group: Chromium has many processes.
    if (browser?.exitCode === null && browser.signalCode === null) process.kill(-browser.pid, signal);
    if (browser) await ended(browser);
  };
  const photoOnPanel = async (name) => (await panel.colours(keep(name))) > A_PHOTO;
  const painted = async () => (await fetch(`http://${home.bridge}/api/health`).then((answer) => answer.json())).painted;

  before(async () => {
    panel = await Panel.plugIn();
    home = await Home.build();
    frame = spawn(frameProgram, ['run', ...home.kioskFlags, '--web-dir', pages], { stdio: ['ignore', 'ignore', 'pipe'] });
    frame.stderr.pipe(log('chromium-frame.log'));
    await home.pairFrame();
    await home.drop('landscape_1.jpg');
    await eventually('the photo', 60_000, async () => (await home.engine('status')).now_showing);
  });

  after(async () => {
    await closeBrowser('SIGTERM');
    frame?.kill('SIGTERM');
    if (frame) await ended(frame);
    await home?.leave();
    await panel?.unplug();
  });

  test('shows the photo on the whole panel, and says that it has painted', async () => {
    assert.equal(await painted(), false);
    openBrowser();
    await eventually('the photo on the panel', 60_000, () => photoOnPanel('chromium.png'));
    await eventually('it is painted', 10_000, painted);
    await pause(1_000);
    await photoOnPanel('chromium.png');
  });

  test('right clicks, shortcuts and touches leave the photo on', async () => {
    const before = keep('chromium.png');
    for (const key of ['alt+Left', 'F5', 'ctrl+plus', 'F11', 'ctrl+p', 'ctrl+s', 'Escape']) await panel.do('key', '--clearmodifiers', key);
    await panel.do('mousemove', 640, 300, 'click', 3);
    await panel.do('mousemove', 300, 300, 'mousedown', 1, 'mousemove', 900, 500, 'mouseup', 1);
    // The buttons go after ten seconds.
    await pause(12_000);
    await photoOnPanel('chromium-after.png');
    assert.ok((await panel.difference(before, keep('chromium-after.png'))) < 0.1);
  });

  test('killed and started again, it has a picture within 15 s', async () => {
    await closeBrowser('SIGKILL');
    const started = Date.now();
    openBrowser();
    await eventually('the photo on the panel', 15_000, () => photoOnPanel('chromium-again.png'));
    console.log(`Chromium started to picture: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
});
