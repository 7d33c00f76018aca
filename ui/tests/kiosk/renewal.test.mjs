// What a person sees while the page's process is exchanged: the last picture, and then the next one. Never nothing.
//
// The panel is filmed from outside; the pictures are kept in test-results/kiosk.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { Home, eventually, kept, kioskProgram, log, pause, webProcess } from './home.mjs';
import { Panel, ended } from './panel.mjs';

/** Colours from which on a photo is on the panel; see `Panel.colours`. */
const A_PHOTO = 5_000;
const keep = (name) => join(kept, name);

describe('a page whose process is exchanged', { timeout: 300_000 }, () => {
  let panel;
  let home;
  let kiosk;
  const heard = [];

  const start = async (name, flags) => {
    kiosk = spawn(kioskProgram, [...home.kioskFlags, ...flags], { env: panel.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    kiosk.stderr.pipe(log(name));
    kiosk.stderr.on('data', (text) => heard.push(text.toString()));
    kiosk.stdout.resume();
  };
  const stop = async () => {
    kiosk.kill('SIGTERM');
    assert.equal(await ended(kiosk), 0);
  };
  const photoOnPanel = async (name) => (await panel.colours(keep(name))) > A_PHOTO;
  const said = (words, since = 0) => heard.slice(since).some((text) => text.includes(words));

  before(async () => {
    panel = await Panel.plugIn();
    home = await Home.build();
    await start('kiosk-renewal.log', ['--web-memory-mib', '1', '--memory-look-seconds', '2']);
    await home.pairFrame();
    await home.drop('landscape_1.jpg');
    await eventually('the photo on the panel', 60_000, () => photoOnPanel('renewal-first.png'));
    await home.engine('pause');
  });

  after(async () => {
    if (kiosk?.exitCode === null) kiosk.kill('SIGTERM');
    if (kiosk) await ended(kiosk);
    await home?.leave();
    await panel?.unplug();
  });

  test('failures 2: above its cap it is renewed, and the picture stays on the panel all the while', async () => {
    await pause(3_000);
    const before = await panel.photograph(keep('renewal-before.png'));
    const old = await eventually('the web process', 5_000, () => webProcess(kiosk.pid));
    // On a slow machine the first renewal was before this.
    const { length } = heard;
    await eventually('a renewal', 60_000, () => said('the page gets a fresh process', length));
    const looks = [];
    for (const until = Date.now() + 6_000; Date.now() < until; ) {
      looks.push(await panel.photograph(keep(`renewal-${String(looks.length).padStart(2, '0')}.png`)));
    }
    const now = await eventually('a new web process', 15_000, () => webProcess(kiosk.pid));
    await eventually('a painted page', 15_000, () => said('the new page has painted', length));
    assert.notEqual(now, old);
    assert.ok(looks.length >= 5, `${looks.length} looks`);
    // Compared afterwards: it would cost looks.
    const differences = [];
    for (const look of looks) differences.push(await panel.difference(before, look));
    const worst = Math.max(...differences);
    console.log(`renewal: ${looks.length} looks, the most different one differs by ${worst.toFixed(3)}`);
    assert.ok(worst < 0.1, `a look differs by ${worst}`);
    assert.ok(!said('starting anew'), 'a planned end is not held against the page');
  });

  test('failures 1: a page that hangs is ended, and a picture is back', async () => {
    await stop();
    heard.length = 0;
    await start('kiosk-hung.log', ['--silence-seconds', '12']);
    await eventually('the photo on the panel', 60_000, () => photoOnPanel('hung-first.png'));
    const { length } = heard;
    const stuck = await eventually('the web process', 5_000, () => webProcess(kiosk.pid));
    process.kill(stuck, 'SIGSTOP');
    await eventually('its end', 40_000, async () => (await webProcess(kiosk.pid)) !== stuck);
    const gone = Date.now();
    await eventually('a page that paints', 15_000, () => said('the new page has painted', length));
    assert.ok(await photoOnPanel('hung-after.png'));
    console.log(`hung page ended to picture painted: ${((Date.now() - gone) / 1000).toFixed(1)} s`);
  });

  const ask = async (kind) => {
    const [{ id }] = await home.ask('GET', `/v1/families/${home.family}/frames`).then((answer) => answer.items ?? answer);
    await home.ask('POST', `/v1/families/${home.family}/frames/${id}/commands`, { action: { kind } });
  };

  test('a child who asks for a picture of the screen gets what the window shows', async () => {
    await ask('picture');
    const line = await eventually('the picture', 20_000, () => heard.join('').split('\n').find((text) => text.includes('a picture of the screen was taken')));
    const { bytes, from } = JSON.parse(line).fields;
    assert.equal(from, 'the window');
    assert.ok(bytes > 30_000, `${bytes} bytes are no photo`);
  });

  test('a child who asks for a restart gets one: the same process, a new page, a picture', async () => {
    const pid = kiosk.pid;
    const page = await webProcess(pid);
    await ask('restart');
    await eventually('another page', 30_000, async () => {
      const now = await webProcess(pid);
      return now !== undefined && now !== page;
    });
    await eventually('a picture', 20_000, () => photoOnPanel('restarted.png'));
    assert.equal(kiosk.exitCode, null, 'for the service manager it is the same process');
  });

  test('SIGTERM in the middle of a slide ends it within five seconds', async () => {
    const told = Date.now();
    await stop();
    const took = Date.now() - told;
    console.log(`SIGTERM to end: ${(took / 1000).toFixed(1)} s`);
    assert.ok(took < 5_000, `it took ${took} ms`);
  });
});
