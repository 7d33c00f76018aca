// The slideshow: a picture is always on, and the buttons do what they say.
import { slide, status } from './bridge';
import { expect, expectAccessible, expectOn, test, touchPhoto, turnOn } from './room';

test('a slide pushed by the engine fades in over the old one, and is told as shown', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  await expectOn(page, bridge, 'portrait');
  await expect(page.locator('img.photo')).toHaveCount(1);
});

test('there is never a moment without a picture while ten slides come quickly', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await page.evaluate(() => {
    const seen = { fewest: Infinity, most: 0 };
    (window as unknown as { seen: typeof seen }).seen = seen;
    // Seen by itself, or as part of the bitmap behind it.
    const isSeen = (image: HTMLImageElement) => !image.closest('.painted') || (image.closest('.layer')?.querySelector('canvas')?.width ?? 0) > 0;
    const count = () => {
      const whole = [...document.querySelectorAll<HTMLImageElement>('img.photo')].filter((image) => image.naturalWidth > 0 && isSeen(image));
      seen.fewest = Math.min(seen.fewest, whole.length);
      seen.most = Math.max(seen.most, whole.length);
      requestAnimationFrame(count);
    };
    count();
  });
  for (let turn = 0; turn < 10; turn++) {
    const photo = turn % 2 === 0 ? 'portrait' : 'landscape';
    bridge.tell({ kind: 'slide', slide: slide(photo), paused: false });
    await expectOn(page, bridge, photo);
  }
  const seen = await page.evaluate(() => (window as unknown as { seen: { fewest: number; most: number } }).seen);
  expect(seen.fewest).toBeGreaterThanOrEqual(1);
  expect(seen.most).toBeLessThanOrEqual(3);
});

test('failures 3: a torn or missing picture is reported and the old one stays', async ({ page, bridge }) => {
  bridge.pictures.set('torn', 'there-is-no-such-file.jpg');
  await turnOn(page, bridge);
  for (const broken of ['torn', 'missing']) {
    bridge.tell({ kind: 'slide', slide: slide(broken), paused: false });
    await expect.poll(() => bridge.said('failed').at(-1)?.fields['photo_id']).toBe(broken);
    await expect(page.locator('img.photo[src*="/photo/landscape?"]')).toBeVisible();
  }
});

test('failures 4: without the engine and without a network the picture stays, with a calm sign', async ({ page, bridge }) => {
  bridge.status = status({ sync: { online: false, photos_wanted: 8, photos_cached: 8, downloads_paused_because: null } });
  await turnOn(page, bridge);
  await expect(page.getByText('No internet. Your photos are still here.')).toBeVisible();
  await bridge.stop();
  await page.waitForTimeout(6_000);
  await expect(page.locator('img.photo')).toBeVisible();
});

test('a touch brings seven large buttons, and another takes them away', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  await touchPhoto(page);
  for (const name of ['Back', 'Next', 'Heart', 'Albums', 'Pause', 'Hide photo', 'Ask to delete']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), name).toBeGreaterThanOrEqual(110);
  }
  await expectAccessible(page);
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
});

test('the buttons go by themselves after ten seconds', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  const before = performance.now();
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0, { timeout: 15_000 });
  expect(performance.now() - before).toBeGreaterThan(10_000);
});

test('while the buttons are up the engine is asked again and again to let the photo stay', async ({ page, bridge }) => {
  const asked = () => bridge.said('stay').map(({ fields }) => fields['photo_id']);
  await turnOn(page, bridge);
  expect(asked()).toEqual([]);
  await touchPhoto(page);
  await expect.poll(asked).toContain('landscape');
  await expect.poll(() => asked().length, { timeout: 8_000 }).toBeGreaterThan(1);
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  await expect.poll(asked).toContain('portrait');
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0, { timeout: 15_000 });
  const { length } = asked();
  await page.waitForTimeout(6_000);
  expect(asked()).toHaveLength(length);
});

test('forward and back show what the engine answers', async ({ page, bridge }) => {
  bridge.neighbours = { next: slide('portrait'), previous: slide('webp') };
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Next' }).tap();
  await expectOn(page, bridge, 'portrait');
  await page.getByRole('button', { name: 'Back' }).tap();
  await expectOn(page, bridge, 'webp');
});

test('a heart is given, told, and can be taken back', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Heart' }).tap();
  await expect(page.getByText('Your family will see that you like it')).toBeVisible();
  await page.getByRole('button', { name: 'Remove heart' }).tap();
  await expect(page.getByRole('button', { name: 'Heart', exact: true })).toBeVisible();
  expect(bridge.said('heart').map(({ fields }) => fields['on'])).toEqual([true, false]);
});

test('pause stops and goes on, and says so', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Pause' }).tap();
  await expect(page.getByText('Paused')).toBeVisible();
  await page.getByRole('button', { name: 'Play' }).tap();
  await expect(page.getByText('Paused')).toHaveCount(0);
  expect(bridge.heard.filter(({ command }) => ['pause', 'resume'].includes(command)).map(({ command }) => command)).toEqual(['pause', 'resume']);
});

test('the engine hears the size of the panel', async ({ page, bridge }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await turnOn(page, bridge);
  await expect.poll(() => bridge.said('panel').at(-1)?.fields).toEqual({ width: 1920, height: 1080 });
});

test('a picture is upright and never larger than the panel, on a mat or on its own colours', async ({ page, bridge }) => {
  for (const fill of ['blur', 'mat'] as const) {
    bridge.status = status({ settings: { ...status().settings, fill } });
    await turnOn(page, bridge);
    bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
    await expectOn(page, bridge, 'portrait');
    const box = await page.locator('img.photo[src*="/photo/portrait?"]').boundingBox();
    expect(box && box.height > box.width && box.height <= 800 && box.y >= 0).toBe(true);
    bridge.current = slide('landscape');
  }
});

test('the last photo goes when it was taken from the family, but not for a passing moment', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.status = status({ state: 'empty' });
  bridge.tell({ kind: 'status', status: bridge.status });
  await page.waitForTimeout(5_000);
  await expect(page.locator('img.photo')).toBeVisible();
  await expect(page.getByText('The frame is ready')).toBeVisible();
  await expect(page.locator('img.photo')).toHaveCount(0);
});

test('failures 9: no menu, no zoom, no selection, no drag leaves the picture', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  const refused = await page.evaluate(() =>
    ['contextmenu', 'dragstart', 'selectstart', 'gesturestart', 'dblclick'].filter(
      (name) => !document.querySelector('main')?.dispatchEvent(new Event(name, { bubbles: true, cancelable: true })),
    ),
  );
  expect(refused).toEqual(['contextmenu', 'dragstart', 'selectstart', 'gesturestart', 'dblclick']);
  const zoom = await page.evaluate(() => document.dispatchEvent(new WheelEvent('wheel', { ctrlKey: true, cancelable: true })));
  expect(zoom).toBe(false);
});
