// Who is in a photo, when and where it was taken: under it, in one calm line, on every panel and in larger text.
import type { Page } from '@playwright/test';
import type { Slide } from '../../src/lib/api/gen/types';
import { openAlbum } from './albums';
import { slide, status } from './bridge';
import { oneAlbum, photos } from './library';
import { expect, expectAccessible, expectNothingClipped, expectOn, test, turnOn } from './room';

const PANELS = [
  { width: 1280, height: 800, larger: [false, true] },
  { width: 1920, height: 1080, larger: [false] },
  { width: 1080, height: 1920, larger: [false, true] },
  { width: 800, height: 480, larger: [false, true] },
];
const SUMMER = { local: '1987-07-15T10:00:00', precision: 'month', offset: null } as const;
const DAY = { local: '2019-11-26T10:00:00', precision: 'day', offset: null } as const;
const WORDS = {
  ko: {
    caption: '할머니와 바닷가에서',
    two: ['민지', '준호'],
    five: ['외할머니', '민지', '준호', '지훈', '소라'],
    near: '제주시',
    far: '로스앤젤레스, 미국',
    line: '민지, 준호 · 1987년 여름 · 제주시',
    many: '외할머니, 민지, 준호 외 2명',
  },
  en: {
    caption: 'By the sea with grandmother',
    two: ['Minji', 'Joon'],
    five: ['Grandmother', 'Minji', 'Joon', 'Jihoon', 'Sora'],
    near: 'Jeju',
    far: 'Los Angeles, United States',
    line: 'Minji and Joon · summer 1987 · Jeju',
    many: 'Grandmother, Minji, Joon and 2 more',
  },
};

test.beforeEach(({ bridge }) => void bridge.pictures.set('wide', 'landscape_1.jpg').set('left', 'portrait_1.jpg').set('right', 'portrait_1.jpg'));

/** How many lines of text it takes. */
const linesOf = (page: Page, words: string) =>
  page
    .locator('.part', { hasText: words })
    .first()
    .evaluate((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    });

/** What is shown, one after another, and what is read of it. */
function showings(locale: 'ko' | 'en'): { title: string; shown: Slide; read: (page: Page) => Promise<void> }[] {
  const say = WORDS[locale];
  const near: Partial<Slide> = { people: say.two, place: say.near, taken_at: SUMMER };
  const far: Partial<Slide> = { people: say.five, place: say.far, taken_at: DAY };
  const { caption } = say;
  const said = [{ comment_id: 'one', author: say.two[0] ?? '', text: caption, at: '2024-05-02T00:00:00Z', voice: true }];
  return [
    {
      title: 'one photo',
      shown: slide('landscape', { ...near, caption, hearted: true }),
      read: async (page) => {
        await expect(page.getByText(say.line)).toBeVisible();
        expect(await linesOf(page, say.near)).toBe(1);
      },
    },
    {
      title: 'many people far away',
      shown: slide('wide', { ...far, caption, is_new: true, sent_by: say.two[0] ?? null }),
      read: (page) => expect(page.getByText(say.many)).toBeVisible(),
    },
    {
      title: 'a pair',
      shown: slide('portrait', { ...near, caption, beside: slide('right', { ...far, caption }) }),
      read: async (page) => {
        await expect(page.getByText(say.near)).toBeVisible();
        await expect(page.getByText(say.far)).toBeVisible();
      },
    },
    {
      title: 'and what the family says',
      shown: slide('left', { ...near, caption, said, beside: slide('right', far) }),
      read: async (page) => {
        await expect(page.getByText(say.far)).toBeVisible();
        await expect(page.getByText(`${say.two[0]}:`)).toBeVisible();
      },
    },
    {
      title: 'a pair of one place',
      shown: slide('portrait', { ...near, beside: slide('right', near) }),
      read: async (page) => {
        await expect(page.getByText(say.line)).toHaveCount(1);
        expect(await linesOf(page, say.near)).toBe(1);
      },
    },
  ];
}

for (const { larger, ...panel } of PANELS) {
  for (const locale of ['ko', 'en'] as const) {
    for (const larger_text of larger) {
      for (const fill of ['blur', 'mat'] as const) {
        const where = `${panel.width}x${panel.height}${larger_text ? '-larger' : ''}-${fill}`;
        test.describe(`${locale} at ${where}`, () => {
          test.use({ viewport: panel });

          test('under one photo and under a pair', async ({ page, bridge }) => {
            test.slow();
            bridge.status = status({ settings: { ...status().settings, locale, fill, larger_text } });
            await turnOn(page, bridge);
            for (const { title, shown, read } of showings(locale)) {
              await test.step(title, async () => {
                bridge.tell({ kind: 'slide', slide: shown, paused: false });
                await expectOn(page, bridge, shown.photo_id);
                // The one before has faded.
                await expect(page.locator('.layer')).toHaveCount(1);
                await read(page);
                await page.screenshot({ path: `test-results/frame-pictures/places/${locale}-${where}-${title.replaceAll(' ', '-')}.png` });
                await expectNothingClipped(page, panel);
                await expectAccessible(page);
              });
            }
          });
        });
      }
    }
  }
}

for (const locale of ['ko', 'en'] as const) {
  for (const panel of [{ width: 1280, height: 800 }, { width: 1080, height: 1920 }]) {
    test.describe(`an album in ${locale} at ${panel.width}x${panel.height}`, () => {
      test.use({ viewport: panel });

      test('is written in where nobody wrote a caption', async ({ page, bridge }) => {
        const say = WORDS[locale];
        bridge.status = status({ settings: { ...status().settings, locale } });
        const known = (index: number): Partial<Slide> => (index % 2 === 0 ? { people: say.two, place: say.near, taken_at: SUMMER } : { place: say.far, taken_at: DAY });
        oneAlbum(bridge, photos(bridge, 12, locale).map((photo, index) => ({ ...photo, ...known(index) })));
        await openAlbum(page, bridge, locale);
        await expect(page.locator('.face.open').getByText(say.caption)).toBeVisible();
        await expect(page.locator('.face.open').getByText(say.far).first()).toBeVisible();
        await page.screenshot({ path: `test-results/frame-pictures/places/${locale}-${panel.width}x${panel.height}-album.png` });
        await expectAccessible(page);
      });
    });
  }
}

test('a name may be as long as it likes', async ({ page, bridge }) => {
  const long = 'Maria-Theresia-Wilhelmine von und zu Hohe';
  bridge.current = slide('portrait', { people: [long, 'Minji'], place: 'Llanfairpwllgwyngyll, United Kingdom', beside: slide('right', { people: ['가'.repeat(40)] }) });
  for (const fill of ['blur', 'mat'] as const) {
    bridge.status = status({ settings: { ...status().settings, fill, larger_text: true } });
    await turnOn(page, bridge);
    await expect(page.getByText(`${long} and 1 more`)).toBeVisible();
    await expectNothingClipped(page, { width: 1280, height: 800 });
    await page.waitForTimeout(1_600);
    await page.screenshot({ path: `test-results/frame-pictures/places/en-1280x800-larger-${fill}-long-names.png` });
  }
});

test('the place is told in another language when the children change it', async ({ page, bridge }) => {
  bridge.current = slide('landscape', { place: 'Jeju' });
  await turnOn(page, bridge);
  await expect(page.getByText('Jeju')).toBeVisible();
  bridge.status = status({ settings: { ...status().settings, locale: 'ko' } });
  bridge.tell({ kind: 'status', status: bridge.status });
  bridge.tell({ kind: 'slide', slide: { ...bridge.current, place: '제주시' }, paused: false });
  await expectOn(page, bridge, 'landscape');
  await expect(page.getByText('2024년 봄 · 제주시')).toBeVisible();
});
