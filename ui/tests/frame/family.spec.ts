// What the family says under a photo, what is heard, and a photo that is hidden and comes back.
import type { Page } from '@playwright/test';
import type { Said } from '../../src/lib/api/gen/types';
import { slide, status } from './bridge';
import { Hand } from './fingers';
import { expect, expectAccessible, expectNothingClipped, expectOn, rest, test, touchPhoto, turnOn } from './room';

const PANELS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
];

/** Ten seconds of a quiet tone: 8,000 samples a second of one byte each. */
function tone(): Buffer {
  const samples = Buffer.from(Array.from({ length: 80_000 }, (_, at) => 128 + Math.round(20 * Math.sin((at * 2 * Math.PI * 440) / 8_000))));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const said = (locale: 'ko' | 'en'): Said[] =>
  locale === 'ko'
    ? [
        { comment_id: 'old', author: '민지', text: '이건 이제 안 보여요', at: '2024-05-01T00:00:00Z', voice: false },
        { comment_id: 'text', author: '지훈', text: '엄마, 이날 바람이 많이 불었는데도 참 즐거웠지요? 다음에 또 가요.', at: '2024-05-02T00:00:00Z', voice: false },
        { comment_id: 'voice', author: '민지', text: '', at: '2024-05-03T00:00:00Z', voice: true },
      ]
    : [
        { comment_id: 'old', author: 'Minji', text: 'This one is too old', at: '2024-05-01T00:00:00Z', voice: false },
        { comment_id: 'text', author: 'Jihoon', text: 'Mother, do you remember how windy it was that day? We must go there again soon.', at: '2024-05-02T00:00:00Z', voice: false },
        { comment_id: 'voice', author: 'Minji', text: '', at: '2024-05-03T00:00:00Z', voice: true },
      ];

/** What sounds in the page now. */
const sounding = (page: Page) => page.evaluate(() => [...document.querySelectorAll('audio, video')].filter((node) => !(node as HTMLMediaElement).muted && !(node as HTMLMediaElement).paused).length);

for (const panel of PANELS) {
  for (const locale of ['ko', 'en'] as const) {
    // Where larger text fits the smallest panel, it fits the others.
    for (const larger_text of panel.width === 1280 ? [false, true] : [false]) {
      test.describe(`${locale} at ${panel.width}x${panel.height}${larger_text ? ' in larger text' : ''}`, () => {
        test.use({ viewport: panel });
        const settings = { ...status().settings, locale, larger_text };
        const words = locale === 'ko' ? '할머니와 바닷가에서, 바람이 불던 날' : 'By the sea with grandmother, on a windy day';

        test.afterEach(async ({ page }, info) => {
          await page.screenshot({ path: `test-results/frame-pictures/family/${locale}-${panel.width}x${panel.height}${larger_text ? '-larger' : ''}-${info.title.replaceAll(' ', '-')}.png` });
        });

        for (const fill of ['blur', 'mat'] as const) {
          test(`words and a voice on ${fill}`, async ({ page, bridge }) => {
            bridge.status = status({ settings: { ...settings, fill }, birthdays: [locale === 'ko' ? '할머니' : 'Grandmother'], troubles: ['disk_full'] });
            bridge.current = slide('landscape', { caption: words, said: said(locale), mat: '#31424a', is_new: true, sent_by: locale === 'ko' ? '지훈' : 'Jihoon' });
            await turnOn(page, bridge);
            await expect(page.getByText(locale === 'ko' ? '목소리를 남겼어요' : 'left a voice note')).toBeVisible();
            await expect(page.getByText(said(locale)[0]?.text ?? '')).toHaveCount(0);
            await page.waitForTimeout(1_600);
            await expectNothingClipped(page, panel);
            await expectAccessible(page);
          });
        }

        test('buttons', async ({ page, bridge }) => {
          bridge.status = status({ settings });
          bridge.current = slide('landscape', { caption: words, hearted: true });
          await turnOn(page, bridge);
          await touchPhoto(page);
          await page.waitForTimeout(900);
          await expectNothingClipped(page, panel);
          await expectAccessible(page);
        });

        for (const [notice, button] of [
          ['hidden', locale === 'ko' ? '사진 숨기기' : 'Hide photo'],
          ['asked', locale === 'ko' ? '지우기 부탁' : 'Ask to delete'],
        ] as const) {
          test(notice, async ({ page, bridge }) => {
            bridge.status = status({ settings });
            bridge.neighbours = { next: slide('portrait'), previous: null };
            await turnOn(page, bridge);
            await touchPhoto(page);
            await page.getByRole('button', { name: button }).tap();
            await expect(page.getByRole('button', { name: locale === 'ko' ? '되돌리기' : 'Undo' })).toBeVisible();
            await page.waitForTimeout(1_800);
            await expectNothingClipped(page, panel);
            await expectAccessible(page);
          });
        }
      });
    }
  }
}

test('a voice is heard at one touch, and ends with a second or with its photo', async ({ page, bridge }) => {
  bridge.voices.set('voice', tone());
  bridge.current = slide('landscape', { said: said('en') });
  await turnOn(page, bridge);
  const listen = page.getByRole('button', { name: 'Listen' });
  await listen.tap();
  await expect.poll(() => sounding(page)).toBe(1);
  await page.getByRole('button', { name: 'Stop' }).tap();
  await expect.poll(() => sounding(page)).toBe(0);
  await listen.tap();
  await expect.poll(() => sounding(page)).toBe(1);
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  await expectOn(page, bridge, 'portrait');
  expect(await sounding(page)).toBe(0);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
});

test('a voice that cannot be played gives its button back', async ({ page, bridge }) => {
  bridge.current = slide('landscape', { said: said('en') });
  await turnOn(page, bridge);
  await page.getByRole('button', { name: 'Listen' }).tap();
  await expect(page.getByRole('button', { name: 'Listen' })).toBeVisible();
  await expect(page.locator('audio')).toHaveCount(0);
});

test('a voice that is taken back while it is heard holds its photo no longer', async ({ page, bridge }) => {
  bridge.voices.set('voice', tone());
  const bare = slide('landscape', { taken_at: { local: '2024-05-01T10:00:00', precision: 'unknown', offset: null } });
  bridge.current = { ...bare, said: said('en') };
  await turnOn(page, bridge);
  await page.getByRole('button', { name: 'Listen' }).tap();
  await expect.poll(() => bridge.said('stay').length).toBe(1);
  bridge.tell({ kind: 'slide', slide: bare, paused: false });
  await expect(page.locator('audio')).toHaveCount(0);
  const { length } = bridge.said('stay');
  await page.waitForTimeout(6_000);
  expect(bridge.said('stay')).toHaveLength(length);
});

test('a video is silent until its sound is asked for, and silent again with the next photo', async ({ page, bridge }) => {
  bridge.videos.set('film', 'video.mp4');
  bridge.pictures.set('film', 'landscape_1.jpg');
  bridge.voices.set('voice', tone());
  bridge.current = slide('film', { kind: 'video', said: said('en') });
  await turnOn(page, bridge);
  await expect.poll(() => page.evaluate(() => document.querySelector('video')?.paused)).toBe(false);
  expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(true);
  await page.getByRole('button', { name: 'Sound on' }).tap();
  await expect.poll(() => page.evaluate(() => document.querySelector('video')?.muted)).toBe(false);
  await page.getByRole('button', { name: 'Listen' }).tap();
  await expect.poll(() => page.evaluate(() => document.querySelector('video')?.muted)).toBe(true);
  await page.getByRole('button', { name: 'Sound on' }).tap();
  await expect(page.locator('audio')).toHaveCount(0);
  bridge.tell({ kind: 'slide', slide: slide('portrait'), paused: false });
  await expectOn(page, bridge, 'portrait');
  bridge.tell({ kind: 'slide', slide: bridge.current, paused: false });
  await expectOn(page, bridge, 'film');
  expect(await page.evaluate(() => [...document.querySelectorAll('video')].every((video) => video.muted))).toBe(true);
});

test('a hidden photo goes, and comes back at one touch', async ({ page, bridge }) => {
  bridge.neighbours = { next: slide('portrait'), previous: null };
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Hide photo' }).tap();
  await expectOn(page, bridge, 'portrait');
  expect(bridge.said('hide').map(({ fields }) => fields)).toEqual([{ photo_id: 'landscape', on: true }]);
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expectOn(page, bridge, 'landscape');
  await expect.poll(() => bridge.said('hide').at(-1)?.fields).toEqual({ photo_id: 'landscape', on: false });
  await expect.poll(() => bridge.said('show').map(({ fields }) => fields)).toEqual([{ photo_id: 'landscape' }]);
  await expect(page.getByText('The photo is hidden')).toHaveCount(0);
});

test('the children are asked to delete a photo, and one touch takes all of it back', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Ask to delete' }).tap();
  await expect(page.getByText('The children will be asked to delete it')).toBeVisible();
  await expect.poll(() => bridge.said('propose_removal').at(-1)?.fields).toEqual({ photo_id: 'landscape', on: true });
  expect(bridge.said('hide').at(-1)?.fields).toEqual({ photo_id: 'landscape', on: true });
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expect.poll(() => bridge.said('propose_removal').at(-1)?.fields).toEqual({ photo_id: 'landscape', on: false });
  await expect.poll(() => bridge.said('hide').at(-1)?.fields).toEqual({ photo_id: 'landscape', on: false });
});

test('the notice of a hidden photo goes by itself', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: 'Hide photo' }).tap();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0, { timeout: 15_000 });
});

test('a trembling hand that taps twice presses nothing it has not seen', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  await rest(page);
  const at = await page.evaluate(() => ({ x: innerWidth / 2 - 60, y: innerHeight - 120 }));
  await (await Hand.over(page)).tapTwice(at);
  await rest(page);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  const acted = ['heart', 'next', 'previous', 'albums', 'pause', 'hide'].flatMap((command) => bridge.said(command));
  expect(acted).toEqual([]);
  await page.touchscreen.tap(at.x, at.y);
  await expect.poll(() => ['heart', 'next', 'previous', 'albums', 'pause', 'hide'].flatMap((command) => bridge.said(command)).length).toBe(1);
});

test('the buttons and the notice of a hidden photo do not cover each other, in larger text', async ({ page, bridge }) => {
  bridge.status = status({ settings: { ...status().settings, larger_text: true } });
  bridge.neighbours = { next: slide('portrait', { hearted: true }), previous: null };
  for (const viewport of PANELS) {
    await page.setViewportSize(viewport);
    await turnOn(page, bridge);
    await touchPhoto(page);
    await page.getByRole('button', { name: 'Hide photo' }).tap();
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
    await touchPhoto(page);
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await page.waitForTimeout(500);
    const [notice, buttons] = [await page.locator('.hidden').boundingBox(), await page.locator('.buttons').boundingBox()];
    expect((notice?.y ?? 0) + (notice?.height ?? Infinity)).toBeLessThanOrEqual(buttons?.y ?? 0);
    await page.screenshot({ path: `test-results/frame-pictures/family/notice-and-buttons-${viewport.width}.png` });
  }
});

for (const locale of ['ko', 'en'] as const) {
  test(`every other screen holds larger text in ${locale}`, async ({ page, bridge }) => {
    const settings = { ...status().settings, locale, larger_text: true };
    const keep = (name: string) => ({ path: `test-results/frame-pictures/family/${locale}-1280x800-larger-${name}.png` });
    bridge.status = status({ state: 'pairing', settings, pairing: { user_code: 'BCDF-GHJK', verification_uri: 'http://192.168.0.20:8520/pair', verification_uri_complete: 'http://192.168.0.20:8520/pair?code=BCDF-GHJK' } });
    await page.goto(bridge.url);
    await expect(page.getByText('BCDF-GHJK')).toBeVisible();
    await page.screenshot(keep('welcome'));
    await expectNothingClipped(page, { width: 1280, height: 800 });
    bridge.status = status({ settings, inbox: { waiting: 3, sending: 1, sent: 6, set_aside: [], paused_because: 'offline' }, troubles: ['clock_unset'] });
    bridge.tell({ kind: 'status', status: bridge.status });
    await expectOn(page, bridge, 'landscape');
    bridge.tell({ kind: 'arrived', count: 12, slide: slide('portrait') });
    await expect(page.locator('.arrived')).toBeVisible();
    await page.waitForTimeout(900);
    await expectNothingClipped(page, { width: 1280, height: 800 });
    await page.screenshot(keep('arrived'));
    bridge.tell({ kind: 'message', text: locale === 'ko' ? '엄마, 아빠! 주말에 갈게요.\n민지 사진 많이 올려 뒀어요.' : 'We come on Saturday!\nThere are many new photos of Minji.' });
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.waitForTimeout(500);
    await expectNothingClipped(page, { width: 1280, height: 800 });
    await page.screenshot(keep('letter'));
  });
}

for (const viewport of [...PANELS, { width: 1280, height: 720 }]) {
  for (const larger_text of [false, true]) {
    test(`a banner and the signs leave each other room at ${viewport.width}x${viewport.height}${larger_text ? ' in larger text' : ''}`, async ({ page, bridge }) => {
      await page.setViewportSize(viewport);
      const settings = { ...status().settings, locale: 'en' as const, larger_text };
      bridge.status = status({ settings, sync: { online: false, photos_wanted: 8, photos_cached: 8, downloads_paused_because: null }, troubles: ['clock_unset'] });
      await page.goto(bridge.url);
      await expectOn(page, bridge, 'landscape');
      const signs = page.locator('.signs');
      await expect(signs.locator('.sign')).toHaveCount(2);
      const before = await signs.boundingBox();
      bridge.tell({ kind: 'arrived', count: 128, slide: slide('portrait') });
      await expect(page.locator('.arrived')).toBeVisible();
      await page.waitForTimeout(900);
      await page.screenshot({ path: `test-results/frame-pictures/family/banner-and-signs-${viewport.width}x${viewport.height}${larger_text ? '-larger' : ''}.png` });
      await expectNothingClipped(page, viewport);
      const [banner, beside] = [await page.locator('.arrived').boundingBox(), await signs.boundingBox()];
      if (!before || !banner || !beside) throw new Error('both are seen');
      if (viewport.width > viewport.height) {
        expect(beside).toEqual(before);
        expect(banner.x + banner.width).toBeLessThan(beside.x);
      } else {
        expect(banner.y + banner.height).toBeLessThan(beside.y);
      }
    });
  }
}
