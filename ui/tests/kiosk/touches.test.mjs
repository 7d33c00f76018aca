// Real fingers on the window: what WebKitGTK would do with two of them, or with one that stays, never happens.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DrivenKiosk } from './driver.mjs';
import { Home, eventually, kept, pause } from './home.mjs';
import { TouchPanel } from './touchscreen.mjs';

const keep = (name) => join(kept, name);
const WATCH = `
  window.seen = { most: 0, kinds: {} };
  for (const kind of ['click', 'contextmenu', 'dblclick', 'wheel', 'dragstart', 'gesturestart', 'selectstart', 'touchstart', 'touchmove'])
    addEventListener(kind, (event) => {
      window.seen.kinds[kind] = (window.seen.kinds[kind] ?? 0) + 1;
      if (event.touches) window.seen.most = Math.max(window.seen.most, event.touches.length);
    }, { capture: true, passive: true });
  return null;`;

describe('fingers on the panel', { timeout: 900_000 }, () => {
  let panel;
  let home;
  let kiosk;

  before(async () => {
    panel = await TouchPanel.plugIn();
    home = await Home.build();
    kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
    await home.pairFrame();
    await home.drop('landscape_1.jpg');
    await eventually('the photo in the window', 60_000, () => kiosk.inPage("return document.querySelector('img.photo')?.complete ?? false"));
    await kiosk.inPage(WATCH);
    await pause(2_000);
  });

  after(async () => {
    await kiosk?.stop();
    await home?.leave();
    await panel?.unplug();
  });

  const seen = () => kiosk.inPage('return window.seen ?? null');
  const buttons = () => kiosk.inPage("return document.querySelectorAll('.large').length");
  const noButtons = () => eventually('no buttons', 15_000, async () => (await buttons()) === 0);

  /** The window and its page are as they were. */
  async function untouched() {
    assert.equal(await kiosk.address(), 'tauri://localhost/frame.html');
    assert.ok(await seen(), 'the page was not loaded anew');
    const view = await kiosk.inPage('return [innerWidth, innerHeight, devicePixelRatio, visualViewport.scale, scrollX, scrollY, String(getSelection())]');
    assert.deepEqual(view, [panel.width, panel.height, 1, 1, 0, 0, '']);
    const visible = (await panel.do('search', '--onlyvisible', '--name', '.+')).split('\n').filter(Boolean);
    const names = await Promise.all(visible.map((window) => panel.do('getwindowname', window)));
    assert.deepEqual([...new Set(names.filter((name) => name !== 'Openbox'))], ['Picup'], 'no menu and no other window');
  }

  test('a finger that taps brings the buttons', async () => {
    await panel.tap(640, 300);
    await eventually('the buttons', 5_000, async () => (await buttons()) > 0);
    await untouched();
    await noButtons();
  });

  test('a finger that stays opens no menu', async () => {
    await panel.tap(640, 300, 2_500);
    await pause(300);
    await panel.photograph(keep('long-press.png'));
    await untouched();
  });

  test('two fingers that part enlarge nothing, and the page knows of one only', async () => {
    const before = await panel.photograph(keep('pinch-before.png'));
    await noButtons();
    await panel.drag([[[600, 400], [200, 300]], [[680, 400], [1_080, 500]]], 20);
    await pause(300);
    await untouched();
    assert.ok((await panel.difference(before, await panel.photograph(keep('pinch-after.png')))) < 0.2);
    assert.equal((await seen()).most, 1);
  });

  test('swipes from the edges, with one, two and three fingers, lead nowhere', async () => {
    for (const fingers of [1, 2, 3]) {
      const lines = (from, to) => Array.from({ length: fingers }, (_, n) => [[from, 200 + n * 150], [to, 200 + n * 150]]);
      await panel.drag(lines(1, 900));
      await panel.drag(lines(1_278, 300));
    }
    await pause(300);
    await untouched();
    await panel.tap(640, 300);
    await eventually('the buttons: no touch got lost', 5_000, async () => (await buttons()) > 0);
    await noButtons();
  });

  test('a double tap and a drag over the photo enlarge, select and carry nothing', async () => {
    await panel.tap(640, 300);
    await panel.tap(640, 300);
    await panel.drag([[[300, 200], [900, 600]]], 20);
    await pause(300);
    await untouched();
  });

  test('a thumb that rested on the edge leaves no deaf panel behind', async () => {
    await noButtons();
    const thumb = await panel.put(3, 500);
    await pause(1_300);
    // It is no finger of its own: the thumb is the one that counts.
    await panel.tap(640, 300);
    await panel.lift(thumb);
    await pause(500);
    await noButtons();
    await panel.tap(640, 300);
    await eventually('the buttons, after it was lifted', 5_000, async () => (await buttons()) > 0);
    await untouched();
  });

  test('failures 9: ten thousand touches and gestures of up to five fingers stay on the frame', async () => {
    let state = 20_241_122;
    const roll = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const anywhere = () => [roll() * panel.width, roll() * panel.height];
    for (let gesture = 0; gesture < 10_000; gesture++) {
      // Mostly as fast as X takes them: what is slow was tried above.
      if (roll() < 0.6) await panel.tap(...anywhere(), roll() < 0.05 ? 60 : 0);
      else await panel.drag(Array.from({ length: 1 + Math.floor(roll() * 5) }, () => [anywhere(), anywhere()]), 3, 1);
    }
    await pause(500);
    await panel.photograph(keep('after-fingers.png'));
    await untouched();
    console.log(`what the page saw: ${JSON.stringify(await seen())}`);
  });
});
