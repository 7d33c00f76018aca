// Failures 9: whatever a hand does to the glass, the frame's own screens stay, and the next tap does what it says.
import type { Page } from '@playwright/test';
import { openAlbum, openShelf } from './albums';
import { Hand, type Point } from './fingers';
import { oneAlbum, photos, shelfOf } from './library';
import { expect, expectOn, test, touchPhoto, turnOn, rest } from './room';

const CENTRE = { x: 640, y: 300 };

/** Nothing is zoomed, scrolled, selected, or left. */
async function expectUnspoilt(page: Page, url: string): Promise<void> {
  expect(page.url()).toBe(url);
  const spoilt = await page.evaluate(() => {
    const { scale = 1, offsetLeft = 0, offsetTop = 0 } = window.visualViewport ?? {};
    return { scale, offsetLeft, offsetTop, scrolled: window.scrollY + window.scrollX, selected: String(getSelection()), history: history.length };
  });
  expect(spoilt).toEqual({ scale: 1, offsetLeft: 0, offsetTop: 0, scrolled: 0, selected: '', history: spoilt.history });
  expect(page.context().pages().length).toBe(1);
}

/** What the page let through to the browser of the gestures it must keep back. */
async function watchDefaults(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const through: string[] = [];
    Object.assign(window, { through });
    for (const name of ['contextmenu', 'dragstart', 'selectstart', 'dblclick']) {
      window.addEventListener(name, (event) => event.defaultPrevented || through.push(name));
    }
  });
  return () => page.evaluate(() => (window as unknown as { through: string[] }).through);
}

async function pinch(hand: Hand, centre: Point, from: number, to: number): Promise<void> {
  const apart = (by: number) => [
    { x: centre.x - by, y: centre.y, id: 0 },
    { x: centre.x + by, y: centre.y, id: 1 },
  ];
  await hand.put(apart(from));
  for (let step = 1; step <= 10; step++) await hand.move(apart(from + ((to - from) * step) / 10));
  await hand.lift();
}

test('two fingers neither enlarge nor shrink the photo, the shelf or an album', async ({ page, bridge }) => {
  shelfOf(bridge, 40);
  await turnOn(page, bridge);
  const hand = await Hand.over(page);
  for (const [from, to] of [[40, 300], [300, 40]] as const) await pinch(hand, CENTRE, from, to);
  await expectUnspoilt(page, bridge.url);
  await openShelf(page, bridge);
  await pinch(await Hand.over(page), CENTRE, 40, 300);
  await expectUnspoilt(page, bridge.url);
  expect(bridge.said('open_album')).toEqual([]);
  oneAlbum(bridge, photos(bridge, 30));
  await openAlbum(page, bridge);
  await pinch(hand, { x: 640, y: 450 }, 40, 300);
  await expect(page.locator('.face.turning')).toHaveCount(0);
  await expectUnspoilt(page, bridge.url);
  expect(bridge.said('show')).toEqual([]);
});

test('a long touch brings no menu, and presses what it rests on', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await rest(page);
  const through = await watchDefaults(page);
  const hand = await Hand.over(page);
  await hand.put([CENTRE]);
  await page.waitForTimeout(1_500);
  await hand.lift();
  await expect(page.getByRole('button', { name: 'Heart', exact: true })).toBeVisible();
  await rest(page);
  const box = await page.getByRole('button', { name: 'Heart', exact: true }).boundingBox();
  await hand.put([{ x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 40 }]);
  await page.waitForTimeout(1_500);
  await hand.lift();
  await expect.poll(() => bridge.said('heart').length).toBe(1);
  expect(await through()).toEqual([]);
  await expectUnspoilt(page, bridge.url);
});

test('a swipe from an edge goes nowhere', async ({ page, bridge }) => {
  oneAlbum(bridge, photos(bridge, 30));
  await openAlbum(page, bridge);
  const hand = await Hand.over(page);
  for (const [from, to] of [
    [{ x: 1, y: 400 }, { x: 700, y: 400 }],
    [{ x: 1_279, y: 400 }, { x: 600, y: 400 }],
    [{ x: 640, y: 1 }, { x: 640, y: 700 }],
    [{ x: 640, y: 799 }, { x: 640, y: 100 }],
  ] as const) {
    await hand.slide(from, to);
    await hand.lift();
    await expectUnspoilt(page, bridge.url);
  }
  await expect(page.getByRole('button', { name: 'All albums' })).toBeVisible();
});

test('a palm and a hand laid flat press nothing, and the finger after them does', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  const hand = await Hand.over(page);
  await hand.put([{ ...CENTRE, radius: 120 }]);
  await hand.lift();
  await hand.put([{ ...CENTRE, radius: 120 }]);
  await hand.put([{ ...CENTRE, radius: 120 }, { x: 200, y: 200, id: 1 }]);
  await hand.lift();
  await hand.put([1, 2, 3, 4].map((id) => ({ x: 200 + id * 150, y: 300, id })));
  await hand.lift();
  await page.waitForTimeout(300);
  await expect(page.getByRole('button', { name: 'Heart', exact: true })).toHaveCount(0);
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Heart', exact: true })).toBeVisible();
});

test('two quick taps do not enlarge, and nothing is selected or dragged away', async ({ page, bridge }) => {
  oneAlbum(bridge, photos(bridge, 12));
  await openAlbum(page, bridge);
  const through = await watchDefaults(page);
  await page.touchscreen.tap(640, 70);
  await page.touchscreen.tap(640, 70);
  await page.mouse.dblclick(640, 60);
  await page.mouse.move(300, 400);
  await page.mouse.down();
  await page.mouse.move(320, 600, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.press('Control+A');
  expect(await through()).toEqual([]);
  await expectUnspoilt(page, bridge.url);
});

test('after 400 touches of every kind the frame is itself, and the next tap works', async ({ page, bridge }) => {
  test.setTimeout(120_000);
  oneAlbum(bridge, photos(bridge, 40));
  bridge.neighbours = { next: bridge.current, previous: bridge.current };
  await turnOn(page, bridge);
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  const hand = await Hand.over(page);
  let state = 20_240_501;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  const point = (id = 0) => ({ x: random(1_280), y: random(800), id, radius: random(10) === 0 ? 130 : 15 });
  for (let touch = 0; touch < 400; touch++) {
    const fingers = Array.from({ length: random(4) === 0 ? 1 + random(4) : 1 }, (_, id) => point(id));
    await hand.put(fingers);
    for (let step = random(4); step > 0; step--) await hand.move(fingers.map(({ id }) => point(id)));
    await hand.lift();
  }
  expect(wrong).toEqual([]);
  await expectUnspoilt(page, bridge.url);
  const leave = page.getByRole('button', { name: 'Back to the photos' }).last();
  if (await leave.isVisible()) await leave.tap();
  await expect(page.locator('.over')).toHaveCount(0);
  await expectOn(page, bridge, bridge.said('shown').at(-1)?.fields['photo_id'] as string);
  await expect(async () => {
    await touchPhoto(page);
    await expect(page.getByRole('button', { name: 'Albums', exact: true })).toBeVisible({ timeout: 800 });
  }).toPass({ timeout: 10_000 });
});
