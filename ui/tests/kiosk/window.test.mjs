// The whole path in the real window: the server, the engine, WebKitGTK and a window manager, nothing faked.
//
// Pictures of the panel are kept in test-results/kiosk.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DrivenKiosk } from './driver.mjs';
import { Home, descendants, eventually, kept, kioskProgram, log, pause, webProcess } from './home.mjs';
import { Panel, ended } from './panel.mjs';

/** Colours from which on a photo is on the panel; see `Panel.colours`. */
const A_PHOTO = 5_000;
const photoOnScreen = `
  const image = document.querySelector('img.photo');
  return image && image.complete && image.naturalWidth > 0
    ? { width: image.naturalWidth, height: image.naturalHeight, box: image.getBoundingClientRect().toJSON() } : null;`;
const keep = (name) => join(kept, name);

/** Numbers that look random and are the same in every run. */
function* dice(seed) {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe('a frame in the living room', { timeout: 300_000 }, () => {
  let panel;
  let home;
  let kiosk;

  before(async () => {
    panel = await Panel.plugIn();
    home = await Home.build();
    kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
  });

  after(async () => {
    await kiosk?.stop();
    await home?.leave();
    await panel?.unplug();
  });

  test('shows the code to pair it with, on the whole panel', async () => {
    const code = await eventually('the code in the window', 30_000, () =>
      kiosk.inPage("return document.querySelector('.code strong')?.textContent ?? null"),
    );
    assert.equal(code, (await home.engine('status')).pairing.user_code);
    const size = await kiosk.inPage('return [innerWidth, innerHeight]');
    assert.deepEqual(size, [panel.width, panel.height]);
    await panel.photograph(keep('welcome.png'));
  });

  test('shows a photo from the inbox, upright, within ten seconds of settling', async () => {
    await home.pairFrame();
    await eventually('the frame to be in the family', 20_000, async () => (await home.engine('status')).state === 'empty');
    const dropped = Date.now();
    await home.drop('landscape_6.jpg');
    const photo = await eventually('the photo in the window', 60_000, () => kiosk.inPage(photoOnScreen));
    const seconds = (Date.now() - dropped) / 1000;
    assert.ok(photo.width > photo.height, 'a landscape whose camera was held sideways stands upright');
    assert.ok(photo.box.width > panel.width / 2, 'it fills the panel');
    assert.ok(seconds < 5 + 10, `settling takes 5 s, then 10 s are allowed: it took ${seconds.toFixed(1)} s`);
    await eventually('it on the panel, not only in the page', 10_000, async () => (await panel.colours(keep('photo.png'))) > A_PHOTO);
  });

  test('plays a video that came from the inbox', async () => {
    await home.drop('video.mp4');
    const seconds = await eventually('a moving picture', 60_000, () =>
      kiosk.inPage("return document.querySelector('video.playing')?.currentTime ?? 0"),
    );
    assert.ok(seconds > 0);
    await panel.photograph(keep('video.png'));
    await home.engine('previous');
    // A button that changes what it acts on while a finger comes down is not pressed.
    await eventually('the photo alone', 10_000, () => kiosk.inPage("return document.querySelectorAll('.layer').length === 1 && !document.querySelector('video')"));
  });

  test('a touch brings the seven buttons, and the shelf opens', async () => {
    await panel.touch(640, 300);
    await eventually('seven buttons', 5_000, async () => (await kiosk.inPage("return document.querySelectorAll('.large').length")) === 7);
    await pause(400);
    await panel.photograph(keep('buttons.png'));
    const albums = await kiosk.inPage("return document.querySelectorAll('.large')[3].getBoundingClientRect().toJSON()");
    await panel.touch(Math.round(albums.x + albums.width / 2), Math.round(albums.y + 40));
    await eventually('the shelf', 5_000, () => kiosk.inPage("return document.querySelector('.page h1') !== null"));
    await pause(500);
    await panel.photograph(keep('shelf.png'));
  });

  test('failures 9: two hundred touches, drags, right clicks and shortcuts stay on the frame', async () => {
    const pid = await kiosk.pid();
    const roll = dice(20_241_122);
    const anywhere = () => [Math.floor(roll.next().value * panel.width), Math.floor(roll.next().value * panel.height)];
    for (let touch = 0; touch < 200; touch++) {
      const kind = roll.next().value;
      if (kind < 0.7) await panel.do('mousemove', ...anywhere(), 'click', 1);
      else if (kind < 0.8) await panel.do('mousemove', ...anywhere(), 'click', 3);
      else if (kind < 0.9) await panel.do('mousemove', ...anywhere(), 'mousedown', 1, 'mousemove', ...anywhere(), 'mouseup', 1);
      else await panel.do('mousemove', ...anywhere(), 'click', '--repeat', 2, '--delay', 60, 1);
    }
    const shortcuts = ['alt+F4', 'ctrl+w', 'ctrl+q', 'ctrl+n', 'ctrl+p', 'ctrl+s', 'ctrl+o', 'F5', 'ctrl+r', 'F11', 'Escape', 'alt+Left', 'ctrl+plus', 'ctrl+shift+i', 'F12', 'BackSpace', 'ctrl+f'];
    for (const shortcut of shortcuts) await panel.do('key', '--clearmodifiers', shortcut);
    await pause(500);
    await panel.photograph(keep('after-touches.png'));
    assert.equal(await kiosk.pid(), pid, 'the same program runs');
    assert.equal(await kiosk.address(), 'tauri://localhost/frame.html');
    assert.equal((await kiosk.windows()).length, 1);
    assert.deepEqual(await kiosk.inPage('return [innerWidth, innerHeight, devicePixelRatio, visualViewport.scale]'), [panel.width, panel.height, 1, 1]);
    const visible = (await panel.do('search', '--onlyvisible', '--name', '.+')).split('\n').filter(Boolean);
    const names = await Promise.all(visible.map((window) => panel.do('getwindowname', window)));
    assert.deepEqual([...new Set(names.filter((name) => name !== 'Openbox'))], ['Picup'], 'no other window is seen');
    assert.ok(await eventually('the photo, still', 5_000, () => kiosk.inPage(photoOnScreen)));
  });

  test('the page reaches no other address', async () => {
    await kiosk.inPage("location.href = 'https://example.org/'; return null");
    await pause(500);
    assert.equal(await kiosk.address(), 'tauri://localhost/frame.html');
    const opened = await kiosk.inPage("return window.open('https://example.org/') === null");
    assert.ok(opened);
    const fetched = await kiosk.inPage(`return fetch('${home.url}/healthz').then(() => 'reached', () => 'refused')`);
    assert.equal(fetched, 'refused');
  });
});

describe('a frame that was there before', { timeout: 300_000 }, () => {
  let panel;
  let home;
  let kiosk;

  const start = async (name) => {
    const child = spawn(kioskProgram, home.kioskFlags, { env: panel.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.pipe(log(name));
    child.stdout.resume();
    return child;
  };
  /** When a photo was on the panel: looking takes a while itself, so the time is that of the look's beginning. */
  const photoOnPanel = async (name) => {
    const looked = Date.now();
    return (await panel.colours(keep(name))) > A_PHOTO && looked;
  };

  before(async () => {
    panel = await Panel.plugIn(1920, 1080);
    home = await Home.build();
    kiosk = await start('kiosk.log');
    await home.pairFrame();
    await home.drop('landscape_1.jpg');
    await home.drop('webp.webp');
    await eventually('both photos', 60_000, async () => (await home.engine('status')).sync.photos_cached === 2);
    await eventually('the photo on the panel', 60_000, async () => (await home.engine('status')).now_showing && photoOnPanel('first.png'));
  });

  after(async () => {
    kiosk?.kill('SIGTERM');
    if (kiosk) await ended(kiosk);
    await home?.leave();
    await panel?.unplug();
  });

  test('the memory in which frames went to X is given back once a picture stands', async () => {
    await home.engine('pause');
    await home.engine('next');
    await eventually('a fade that goes to X this way', 10_000, async () => (await sharedWithX(kiosk.pid)) > 0);
    await eventually('all of it back', 30_000, async () => {
      await home.engine('next');
      await pause(4_000);
      return (await sharedWithX(kiosk.pid)) === 0;
    });
    await home.engine('resume');
  });

  test('no process loads what nobody will hear or see', async () => {
    const mapped = await libraries(kiosk.pid);
    for (const maps of mapped) assert.match(maps, /libnothing\.so/);
    assert.deepEqual(mapped.flatMap(unneeded), []);
  });

  test('failures 1: a killed web process is back with a picture within 15 s', async () => {
    // A panel keeps what a dead page painted last: only another photo proves that there is a new page.
    await home.engine('pause');
    const { photo_id: on } = await home.engine('current');
    await home.engine('next');
    await pause(5_000);
    assert.ok(await photoOnPanel('before-kill.png'));
    const victim = await eventually('the web process', 5_000, () => webProcess(kiosk.pid));
    process.kill(victim, 'SIGKILL');
    const killed = Date.now();
    await home.engine('show', { photo_id: on });
    const back = await eventually('another photo', 30_000, async () => {
      const seen = await photoOnPanel('after-kill.png');
      return seen && (await panel.difference(keep('before-kill.png'), keep('after-kill.png'))) > 0.1 && seen;
    });
    console.log(`web process killed to picture: ${((back - killed) / 1000).toFixed(1)} s`);
    assert.notEqual(await webProcess(kiosk.pid), victim);
    await home.engine('resume');
    assert.ok(back - killed < 15_000, `it took ${(back - killed) / 1000} s`);
  });

  test('failures 1: a web process that keeps dying makes the whole program start anew', async () => {
    const pid = kiosk.pid;
    const restarts = [];
    kiosk.stderr.on('data', (text) => text.includes('starting anew') && restarts.push(text));
    for (let death = 0; death < 4 && restarts.length === 0; death++) {
      const victim = await eventually('a web process', 20_000, () => webProcess(pid));
      process.kill(victim, 'SIGKILL');
      await eventually('its end', 5_000, async () => (await webProcess(pid)) !== victim);
      await pause(700);
    }
    await eventually('a start anew', 10_000, () => restarts.length > 0);
    await pause(1_000);
    await eventually('a picture', 15_000, () => photoOnPanel('after-restart.png'));
    assert.equal(kiosk.exitCode, null, 'for the service manager it is the same process');
  });

  test('a second window on the same data is refused', async () => {
    const second = await start('second.log');
    assert.equal(await ended(second), 1);
  });

  test('failures 4 and 5: after a power cut and without a network a picture is there at once', async () => {
    await home.killServer();
    const page = await webProcess(kiosk.pid);
    kiosk.kill('SIGKILL');
    await ended(kiosk);
    if (page) await eventually('its page to end', 10_000, async () => (await webProcess(process.pid)) !== page);
    const started = Date.now();
    kiosk = await start('kiosk-offline.log');
    const seen = await eventually('a picture from the cache', 30_000, () => photoOnPanel('offline.png'));
    console.log(`offline start to picture: ${((seen - started) / 1000).toFixed(1)} s`);
    assert.ok(seen - started < 15_000, `it took ${(seen - started) / 1000} s`);
  });

  test('a start after one that showed no picture leaves nothing out of WebKit', async () => {
    const trial = join(home.place, 'frame/stand-ins/trial');
    await eventually('the picture to be told', 10_000, () => !existsSync(trial));
    kiosk.kill('SIGTERM');
    await ended(kiosk);
    await writeFile(trial, '');
    kiosk = await start('kiosk-plain.log');
    await eventually('a picture from the cache', 30_000, () => photoOnPanel('plain.png'));
    assert.ok((await libraries(kiosk.pid)).every((maps) => unneeded(maps).length > 0));
    await eventually('the picture to be told', 10_000, () => !existsSync(trial));
  });

  test('SIGTERM ends it cleanly', async () => {
    kiosk.kill('SIGTERM');
    const [code] = await Promise.race([once(kiosk, 'exit'), pause(20_000).then(() => ['it did not end'])]);
    assert.equal(code, 0);
  });
});

/** What the window's, the network's and the page's processes have mapped. */
async function libraries(pid) {
  const below = await descendants(pid);
  const ours = ['WebKitNetworkPr', 'WebKitWebProces'].map((name) => below.find((process) => process.name === name).pid);
  return Promise.all([pid, ...ours].map((process) => readFile(`/proc/${process}/maps`, 'utf8')));
}

/** Voices, and where there is no GPU, what draws with one. */
const unneeded = (maps) => maps.match(existsSync('/dev/dri') ? /libflite_cmu\w+/g : /libflite_cmu\w+|libEGL_mesa|libLLVM|swrast_dri/g) ?? [];

/** Kilobytes; the kernel names System V's shared memory so. */
async function sharedWithX(pid) {
  const mappings = (await readFile(`/proc/${pid}/smaps`, 'utf8')).split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const shared = mappings.filter((mapping) => mapping.includes('/SYSV'));
  return shared.reduce((sum, mapping) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(mapping)?.[1] ?? 0), 0);
}
