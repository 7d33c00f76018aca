// The night: the panel is black, nothing moves, and the first touch only wakes.
import { slide, status } from './bridge';
import { expect, expectAccessible, expectOn, rest, test, touchPhoto, turnOn } from './room';

const asleep = status({ asleep: true });

test('a sleeping screen is black and nothing on it moves', async ({ page, bridge }) => {
  bridge.status = status({ settings: { ...status().settings, motion: true } });
  await turnOn(page, bridge);
  bridge.status = { ...bridge.status, asleep: true };
  bridge.tell({ kind: 'status', status: bridge.status });
  await expect(page.getByRole('button', { name: 'Turn the screen on' })).toBeVisible();
  await page.waitForTimeout(900);
  await expectAccessible(page);
  await expect(page.locator('img.photo')).not.toBeVisible();
  expect(await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)).toBe(0);
  const shot = await page.screenshot();
  const brightest = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pad = canvas.getContext('2d');
    pad?.drawImage(bitmap, 0, 0);
    const pixels = [...(pad?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [255])];
    return pixels.reduce((brightest, part, at) => (at % 4 === 3 ? brightest : Math.max(brightest, part)), 0);
  }, shot.toString('base64'));
  expect(brightest).toBe(0);
});

test('no photo is decoded in the dark, and the one of now is on after waking', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.status = asleep;
  bridge.tell({ kind: 'status', status: asleep });
  await expect(page.getByRole('button', { name: 'Turn the screen on' })).toBeVisible();
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  await page.waitForTimeout(1_000);
  await expect(page.locator('img.photo[src*="/photo/portrait?"]')).toHaveCount(0);
  bridge.current = slide('webp');
  bridge.status = status();
  bridge.tell({ kind: 'status', status: bridge.status });
  await expectOn(page, bridge, 'webp');
});

test('the first touch wakes and does nothing else', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.status = asleep;
  bridge.tell({ kind: 'status', status: asleep });
  await expect(page.getByRole('button', { name: 'Turn the screen on' })).toBeVisible();
  await page.waitForTimeout(900);
  const before = bridge.heard.length;
  await page.touchscreen.tap(400, 250);
  await expect(page.locator('img.photo')).toBeVisible();
  await expect.poll(() => bridge.said('touched')).toHaveLength(1);
  const quiet = ['status', 'current', 'shown', 'touched'];
  expect(bridge.heard.slice(before).filter(({ command }) => !quiet.includes(command))).toEqual([]);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Turn the screen on' })).toHaveCount(0);
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  expect(bridge.said('touched')).toHaveLength(1);
});

test('what was open in the evening is closed in the morning', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Albums' }).tap();
  await expect(page.getByRole('heading', { name: 'Albums' })).toBeVisible();
  bridge.status = asleep;
  bridge.tell({ kind: 'status', status: asleep });
  await expect(page.getByRole('button', { name: 'Turn the screen on' })).toBeVisible();
  await page.waitForTimeout(900);
  await page.touchscreen.tap(640, 400);
  await expect(page.locator('img.photo')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Albums' })).toHaveCount(0);
});

test('the light follows the hour, and a touch goes through', async ({ page, bridge }) => {
  bridge.status = status({ brightness: 30 });
  await turnOn(page, bridge);
  await rest(page);
  const dim = page.locator('.dim');
  expect(await dim.evaluate((node) => Number(getComputedStyle(node).opacity))).toBeGreaterThan(0.5);
  await page.screenshot({ path: 'test-results/frame-pictures/night/dimmed.png' });
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  bridge.status = status();
  bridge.tell({ kind: 'status', status: bridge.status });
  await expect(dim).toHaveCount(0);
});
