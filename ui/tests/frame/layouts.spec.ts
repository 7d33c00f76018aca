// How photos lie on the panel: alone, in pairs, on mats, in motion, with what is written under them.
import { slide, status } from './bridge';
import { differenceFromPhoto, expect, expectAccessible, expectOn, rest, SAME, test, touchPhoto, turnOn } from './room';

const PANELS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
];
const daysAgo = (days: number) => {
  const today = new Date();
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - days, 12);
  return { local: `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}T10:00:00`, precision: 'day' as const, offset: null };
};
const right = slide('right', { caption: 'Minji on the swing', taken_at: daysAgo(1) });
const pair = slide('portrait', { caption: 'First day at school', taken_at: daysAgo(1), beside: right });

test.beforeEach(({ bridge }) => void bridge.pictures.set('right', 'portrait_1.jpg'));

for (const panel of PANELS) {
  for (const locale of ['ko', 'en'] as const) {
    for (const fill of ['blur', 'mat'] as const) {
      test.describe(`${locale} ${fill} at ${panel.width}x${panel.height}`, () => {
        test.use({ viewport: panel });
        const settings = { ...status().settings, locale, fill };
        const say = locale === 'ko' ? ['할머니와 바닷가에서', '민지가 그네를 타요'] : ['By the sea with grandmother', 'Minji on the swing'];

        test.afterEach(async ({ page }, info) => {
          await page.screenshot({ path: `test-results/frame-pictures/layouts/${locale}-${panel.width}x${panel.height}-${fill}-${info.title.replaceAll(' ', '-')}.png` });
        });

        test('a photo with its caption', async ({ page, bridge }) => {
          bridge.status = status({ settings });
          bridge.current = slide('landscape', { caption: say[0] ?? '', taken_at: daysAgo(1), is_new: true, sent_by: locale === 'ko' ? '민지' : 'Minji', hearted: true, mat: '#7a8c99' });
          await turnOn(page, bridge);
          await expect(page.getByText(locale === 'ko' ? '어제' : 'yesterday')).toBeVisible();
          await expect(page.getByText(locale === 'ko' ? '민지에게서 온 새 사진' : 'new from Minji')).toBeVisible();
          await page.waitForTimeout(1_600);
          await expectAccessible(page);
        });

        test('a pair', async ({ page, bridge }) => {
          bridge.status = status({ settings });
          bridge.current = { ...pair, caption: say[0] ?? '', mat: '#5b4632', beside: { ...right, caption: say[1] ?? '' } };
          await turnOn(page, bridge);
          for (const words of say) await expect(page.getByText(words)).toBeVisible();
          await page.waitForTimeout(1_600);
          await expectAccessible(page);
        });
      });
    }
  }
}

test('a pair lies side by side, wholly on the panel, and both are told as shown', async ({ page, bridge }) => {
  bridge.current = pair;
  await turnOn(page, bridge);
  const [one, other] = [await page.locator('img.photo[src*="/photo/portrait?"]').boundingBox(), await page.locator('img.photo[src*="/photo/right?"]').boundingBox()];
  if (!one || !other) throw new Error('a photo of the pair is not on the screen');
  expect(one.x).toBeGreaterThanOrEqual(0);
  expect(one.x + one.width).toBeLessThan(other.x);
  expect(other.x + other.width).toBeLessThanOrEqual(1280);
  expect(bridge.said('shown').map(({ fields }) => fields['photo_id'])).toEqual(['right', 'portrait']);
});

test('failures 3: a pair whose second is torn shows the first alone and reports the second', async ({ page, bridge }) => {
  bridge.pictures.set('right', 'there-is-no-such-file.jpg');
  await turnOn(page, bridge);
  bridge.tell({ kind: 'slide', slide: pair, paused: false });
  await expectOn(page, bridge, 'portrait');
  await expect.poll(() => bridge.said('failed').map(({ fields }) => fields['photo_id'])).toEqual(['right']);
  await expect(page.locator('img.photo[src*="/photo/right?"]')).toHaveCount(0);
});

test('the buttons act on the half that was touched, and it is marked', async ({ page, bridge }) => {
  bridge.current = pair;
  await turnOn(page, bridge);
  await rest(page);
  await page.touchscreen.tap(900, 300);
  await expect(page.locator('.mark.marked')).toHaveCount(1);
  expect((await page.locator('.mark.marked').boundingBox())?.x).toBeGreaterThan(600);
  await page.getByRole('button', { name: 'Heart', exact: true }).tap();
  await expect.poll(() => bridge.said('heart').at(-1)?.fields).toEqual({ photo_id: 'right', on: true });
  await rest(page);
  await page.touchscreen.tap(300, 300);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.getByRole('button', { name: 'Heart', exact: true }).tap();
  await expect.poll(() => bridge.said('heart').at(-1)?.fields).toEqual({ photo_id: 'portrait', on: true });
  await touchPhoto(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
});

for (const fill of ['blur', 'mat'] as const) {
  test(`photos that keep still are painted into their ${fill}, and anew when they get another place`, async ({ page, bridge }) => {
    const settings = { ...status().settings, fill };
    bridge.status = status({ settings });
    bridge.current = pair;
    await turnOn(page, bridge);
    const photos = ['portrait', 'right'].map((id) => page.locator(`img.photo[src*="/photo/${id}?"]`));
    const expectPainted = async () => {
      for (const photo of photos) {
        await expect(photo).toHaveCSS('opacity', '0');
        await expect.poll(() => differenceFromPhoto(photo)).toBeLessThan(SAME);
      }
    };
    await expectPainted();
    bridge.tell({ kind: 'status', status: status({ settings: { ...settings, larger_text: true } }) });
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--type'))).toBe('1.3');
    await expectPainted();
    await page.setViewportSize({ width: 800, height: 1280 });
    await expect.poll(async () => (await photos[1]?.boundingBox())?.y).toBeGreaterThan(400);
    await expectPainted();
    bridge.tell({ kind: 'status', status: status({ settings: { ...settings, motion: true } }) });
    for (const photo of photos) await expect(photo).toHaveCSS('opacity', '1');
    bridge.tell({ kind: 'status', status: status({ settings }) });
    await expectPainted();
  });
}

test('a photo moves inside its window and shows no edge, and keeps still once the next one comes', async ({ page, bridge }) => {
  bridge.status = status({ settings: { ...status().settings, motion: true, seconds_per_photo: 3 } });
  bridge.current = slide('landscape', { focus: { x: 0.1, y: 0.9 } });
  await turnOn(page, bridge);
  const photo = page.locator('img.photo[src*="/photo/landscape?"]');
  const still = await photo.evaluate((node) => getComputedStyle(node).transform);
  await expect.poll(() => photo.evaluate((node) => getComputedStyle(node).transform)).not.toBe(still);
  for (let look = 0; look < 8; look++) {
    const gap = await photo.evaluate((node) => {
      const [image, window] = [node.getBoundingClientRect(), (node.parentElement as HTMLElement).getBoundingClientRect()];
      return Math.max(image.left - window.left, image.top - window.top, window.right - image.right, window.bottom - image.bottom);
    });
    expect(gap).toBeLessThanOrEqual(0.5);
    await page.waitForTimeout(350);
  }
  const time = () => photo.evaluate((node) => Number(node.getAnimations()[0]?.currentTime));
  const before = await time();
  bridge.tell({ kind: 'slide', slide: { ...slide('landscape'), hearted: true }, paused: false });
  await expect(page.getByText('You gave it a heart')).toBeAttached();
  expect(await time(), 'a heart does not send a photo back to where it began').toBeGreaterThanOrEqual(before);
  // Asked of the page itself: the one before is gone as soon as the next has faded in.
  const state = photo.evaluate(
    (node) =>
      new Promise<string>((seen) => {
        const look = (): void => {
          if (document.querySelector('img.photo[src*="/photo/portrait?"]')) seen(getComputedStyle(node).animationPlayState);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  expect(await state).toBe('paused');
  await expect(page.locator('img.photo[src*="/photo/portrait?"]')).toBeVisible();
  await expect(photo).toHaveCount(0);
});

test('a photo keeps still for people who asked their system for less motion', async ({ page, bridge }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  bridge.status = status({ settings: { ...status().settings, motion: true } });
  await turnOn(page, bridge);
  expect(await page.locator('img.photo').evaluate((node) => getComputedStyle(node).animationName)).toBe('none');
});

test('nothing is said of today while the clock is not set', async ({ page, bridge }) => {
  bridge.status = status({ clock_is_set: false, birthdays: ['Minji'], troubles: ['clock_unset'] });
  bridge.current = slide('landscape', { taken_at: daysAgo(0) });
  await turnOn(page, bridge);
  await expect(page.getByText('The clock is being set.')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Number 12' })).toBeVisible();
  await expect(page.getByText('today', { exact: true })).toHaveCount(0);
  await expect(page.getByText('birthday')).toHaveCount(0);
  await expect(page.locator('time')).toHaveCount(0);
  bridge.status = status({ birthdays: ['Minji'] });
  bridge.tell({ kind: 'status', status: bridge.status });
  await expect(page.getByText('today', { exact: true })).toBeVisible();
  await expect(page.getByText('It is Minji’s birthday today')).toBeVisible();
  await expect(page.locator('time')).toBeVisible();
});

for (const locale of ['ko', 'en'] as const) {
  test.describe(`${locale} on a panel that stands`, () => {
    test.use({ viewport: { width: 1080, height: 1920 } });
    const settings = { ...status().settings, locale };
    const keep = (name: string) => ({ path: `test-results/frame-pictures/layouts/${locale}-1080x1920-${name}.png` });

    test('the other screens', async ({ page, bridge }) => {
      const prompt = { user_code: 'BCDF-GHJK', verification_uri: 'http://192.168.0.20:8520/pair', verification_uri_complete: 'http://192.168.0.20:8520/pair?code=BCDF-GHJK' };
      bridge.status = status({ state: 'pairing', pairing: prompt, settings });
      await page.goto(bridge.url);
      await expect(page.getByText('BCDF-GHJK')).toBeVisible();
      await page.screenshot(keep('welcome'));
      bridge.status = status({ state: 'empty', settings });
      bridge.tell({ kind: 'status', status: bridge.status });
      await expect(page.getByRole('heading')).toBeVisible();
      await page.screenshot(keep('empty'));
      bridge.status = status({ settings, inbox: { waiting: 3, sending: 1, sent: 6, set_aside: [], paused_because: null } });
      bridge.tell({ kind: 'status', status: bridge.status });
      await expectOn(page, bridge, 'landscape');
      bridge.tell({ kind: 'arrived', count: 3, slide: slide('portrait') });
      await expect(page.locator('.arrived')).toBeVisible();
      await page.waitForTimeout(900);
      await page.screenshot(keep('arrived'));
      expect(await page.locator('.arrived').evaluate((node) => node.getBoundingClientRect().right)).toBeLessThan(1080);
      bridge.tell({ kind: 'message', text: locale === 'ko' ? '엄마, 아빠! 주말에 갈게요.' : 'We come on Saturday!' });
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.waitForTimeout(500);
      await page.screenshot(keep('letter'));
      await expectAccessible(page);
    });
  });
}
