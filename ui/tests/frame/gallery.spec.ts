// The shelf and the albums at three panels and in two languages, accessible, and kept as pictures to look at.
import { status } from './bridge';
import { oneAlbum, photos, shelfOf } from './library';
import { expectAccessible, test } from './room';
import { openAlbum, openShelf } from './albums';

const PANELS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
];
const LONG = { ko: '2024년 여름 방학에 온 가족이 다녀온 모든 곳과 거기서 만난 사람들', en: 'Everywhere the whole family went in the summer of 2024, and whom we met there' };

for (const panel of PANELS) {
  for (const locale of ['ko', 'en'] as const) {
    test.describe(`albums, ${locale} at ${panel.width}x${panel.height}`, () => {
      test.use({ viewport: panel });

      test.beforeEach(({ bridge }) => {
        const { settings } = status();
        bridge.status = status({ settings: { ...settings, locale } });
      });

      test.afterEach(async ({ page }, info) => {
        await expectAccessible(page);
        await page.screenshot({ path: `test-results/frame-pictures/albums-${locale}-${panel.width}-${info.title.replaceAll(' ', '-')}.png` });
      });

      for (const count of [0, 2, 5, 60]) {
        test(`a shelf of ${count}`, async ({ page, bridge }) => {
          shelfOf(bridge, count, locale);
          await openShelf(page, bridge, locale);
        });
      }

      for (const count of [0, 1, 40]) {
        test(`an album of ${count}`, async ({ page, bridge }) => {
          oneAlbum(bridge, photos(bridge, count, locale), { title: count === 40 ? LONG[locale] : '제주 Jeju' });
          await openAlbum(page, bridge, locale);
        });
      }

      test('pages of captions', async ({ page, bridge }) => {
        const slides = photos(bridge, 40, locale).map((slide, index, all) => ({ ...slide, caption: all[index % 2 === 0 ? 6 : 0]?.caption ?? '' }));
        oneAlbum(bridge, slides, { last_open: 'p12' });
        await openAlbum(page, bridge, locale);
      });
    });
  }
}
