// The same screen in other browsers, started as docs/kiosk.md says, against the frame without a window.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Home, eventually, kept, kioskProgram, log, pause } from './home.mjs';
import { Panel, ended } from './panel.mjs';

const A_PHOTO = 5_000;
const frameProgram = process.env.PICUP_FRAME_BIN ?? join(dirname(kioskProgram), 'picup-frame');
const pages = fileURLToPath(new URL('../../dist', import.meta.url));
const keep = (name) => join(kept, name);

/** A home whose frame has two photos and no window. */
class WithoutWindow {
  async build() {
    this.panel = await Panel.plugIn();
    this.home = await Home.build();
    this.frame = spawn(frameProgram, ['run', ...this.home.kioskFlags, '--web-dir', pages], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.frame.stderr.pipe(log('without-window.log'));
    await this.home.pairFrame();
    await this.home.drop('landscape_1.jpg');
    await this.home.drop('webp.webp');
    await eventually('the photos', 60_000, async () => {
      const { now_showing: shown, sync } = await this.home.engine('status');
      return shown && sync.photos_cached === 2;
    });
    // So that what is on the panel changes only when a test wants it to.
    await this.home.engine('pause');
  }

  open(program, flags, environment = this.panel.environment) {
    this.browser = spawn(program, flags, { env: environment, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.browser.stderr.pipe(log(`${program}.log`));
  }

  async close(signal) {
    // Its whole group: browsers have many processes.
    if (this.browser?.exitCode === null && this.browser.signalCode === null) process.kill(-this.browser.pid, signal);
    if (this.browser) await ended(this.browser);
  }

  async hasPhoto(name) {
    return (await this.panel.colours(keep(name))) > A_PHOTO;
  }

  async hasPainted() {
    const health = await fetch(`http://${this.home.bridge}/api/health`);
    return (await health.json()).painted;
  }

  async showsPhoto(name) {
    assert.equal(await this.hasPainted(), false);
    await eventually('the photo on the panel', 60_000, () => this.hasPhoto(name));
    await eventually('it is painted', 10_000, () => this.hasPainted());
    await pause(1_000);
    await this.hasPhoto(name);
  }

  /** Killed, as a browser is that crashes, and started by `open`. */
  async comesBack(open, name) {
    await this.close('SIGKILL');
    await eventually('an empty panel', 10_000, async () => !(await this.hasPhoto('gone.png')));
    const started = Date.now();
    open();
    await eventually('the photo on the panel', 15_000, () => this.hasPhoto(name));
    console.log(`${this.browser.spawnfile}: from its start to the picture ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }

  async leave() {
    await this.close('SIGTERM');
    this.frame?.kill('SIGTERM');
    if (this.frame) await ended(this.frame);
    await this.home?.leave();
    await this.panel?.unplug();
  }
}

describe('the frame in Chromium', { timeout: 180_000 }, () => {
  const here = new WithoutWindow();

  const open = () => {
    const flags = [
      '--kiosk', `--app=http://${here.home.bridge}/`, `--user-data-dir=${join(here.home.place, 'chromium')}`, '--no-first-run', '--noerrdialogs',
      '--disable-infobars', '--disable-session-crashed-bubble', '--disable-features=Translate,OverscrollHistoryNavigation', '--disable-pinch',
      '--overscroll-history-navigation=0', '--autoplay-policy=no-user-gesture-required', '--password-store=basic', '--check-for-update-interval=31536000',
    ];
    // Of this test alone: its account may be root's, and its machine has no GPU.
    const ofTest = process.getuid() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
    here.open('chromium', [...flags, ...ofTest]);
  };

  before(() => here.build());
  after(() => here.leave());

  test('shows the photo on the whole panel, and says that it has painted', async () => {
    open();
    await here.showsPhoto('chromium.png');
  });

  test('right clicks, shortcuts and touches leave the photo on', async () => {
    const { panel } = here;
    for (const key of ['alt+Left', 'F5', 'ctrl+plus', 'F11', 'ctrl+p', 'ctrl+s', 'Escape']) await panel.do('key', '--clearmodifiers', key);
    await panel.do('mousemove', 640, 300, 'click', 3);
    await panel.do('mousemove', 300, 300, 'mousedown', 1, 'mousemove', 900, 500, 'mouseup', 1);
    // The buttons go after ten seconds.
    await pause(12_000);
    await here.hasPhoto('chromium-after.png');
    assert.ok((await panel.difference(keep('chromium.png'), keep('chromium-after.png'))) < 0.1);
  });

  test('killed and started again, it has a picture within 15 s', async () => {
    await here.comesBack(open, 'chromium-again.png');
  });
});

describe('the frame in cog', { timeout: 180_000 }, () => {
  const here = new WithoutWindow();
  let compositor;
  let environment;
  let socket;

  // On a board cog draws on the panel itself; where there is no GPU, another compositor does.
  const open = () => here.open('cog', ['--platform=wl', `http://${here.home.bridge}/`], environment);

  before(async () => {
    await here.build();
    const runtime = join(here.home.place, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    environment = { ...here.panel.environment, XDG_RUNTIME_DIR: runtime, WAYLAND_DISPLAY: 'panel' };
    socket = join(runtime, environment.WAYLAND_DISPLAY);
    const { width, height } = here.panel;
    const flags = ['--backend=x11-backend.so', '--fullscreen', `--width=${width}`, `--height=${height}`, '--shell=kiosk-shell.so', '--idle-time=0'];
    compositor = spawn('weston', [...flags, `--socket=${environment.WAYLAND_DISPLAY}`], { env: { ...environment, WAYLAND_DISPLAY: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
    compositor.stdout.pipe(log('weston.log'));
    compositor.stderr.pipe(log('weston-errors.log'));
  });

  after(async () => {
    await here.close('SIGKILL');
    compositor?.kill('SIGTERM');
    if (compositor) await ended(compositor);
    await here.leave();
  });

  test('shows the photo on the whole panel, and says that it has painted', async () => {
    await eventually('the compositor', 20_000, () => existsSync(socket));
    await pause(1_000);
    // It adds up how far the pointer has moved: from a corner on both know where it is.
    for (const corner of [[1, 1], [0, 0]]) await here.panel.do('mousemove', ...corner);
    open();
    await here.showsPhoto('cog.png');
  });

  test('touches turn to the next photo', async () => {
    const { photo_id: first } = await here.home.engine('current');
    await here.panel.touch(640, 300);
    await pause(1_500);
    await here.panel.photograph(keep('cog-buttons.png'));
    const next = [338, 660];
    await here.panel.touch(...next);
    await eventually('another photo', 10_000, async () => (await here.home.engine('current')).photo_id !== first);
    // The buttons go after ten seconds.
    await pause(12_000);
    assert.ok(await here.hasPhoto('cog-next.png'));
    assert.ok((await here.panel.difference(keep('cog.png'), keep('cog-next.png'))) > 0.1);
  });

  test('killed and started again, it has a picture within 15 s', async () => {
    await here.comesBack(open, 'cog-again.png');
  });
});
