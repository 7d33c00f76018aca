// Every screen of the frame, in both languages and at two panels: said in words, accessible, and kept as a picture.
import { quiet } from './albums';
import { slide, status } from './bridge';
import { oneAlbum, photos } from './library';
import { expect, expectAccessible, expectOn, test, touchPhoto, turnOn } from './room';

const pairing = {
  user_code: 'BCDF-GHJK',
  verification_uri: 'http://192.168.0.20:8520/pair',
  verification_uri_complete: 'http://192.168.0.20:8520/pair?code=BCDF-GHJK',
};
const PANELS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
];
const WORDS = {
  en: { ask: 'Point a phone’s camera', shelf: 'Albums', arrived: '3 new photos have arrived', next: 'Turn the page', read: 'I have read it', taking: 'Taking in photos: 3 left' },
  ko: { ask: '네모 그림을 비춰', shelf: '앨범', arrived: '새 사진이 3장 왔어요', next: '다음 장으로', read: '잘 읽었어요', taking: '사진을 옮기고 있어요. 3장 남았어요' },
} as const;

for (const panel of PANELS) {
  for (const locale of ['ko', 'en'] as const) {
    const say = WORDS[locale];
    const settings = { ...status().settings, locale };

    test.describe(`${locale} at ${panel.width}x${panel.height}`, () => {
      test.use({ viewport: panel });

      test.afterEach(async ({ page }, info) => {
        await page.screenshot({ path: `test-results/frame-pictures/${locale}-${panel.width}-${info.title.replaceAll(' ', '-')}.png` });
      });

      test('welcome', async ({ page, bridge }) => {
        bridge.status = status({ state: 'pairing', pairing, settings });
        await page.goto(bridge.url);
        await expect(page.getByText(say.ask)).toBeVisible();
        await expect(page.getByText('BCDF-GHJK')).toBeVisible();
        await expectAccessible(page);
      });

      test('empty', async ({ page, bridge }) => {
        bridge.status = status({ state: 'empty', settings, sync: { online: true, photos_wanted: 0, photos_cached: 0, downloads_paused_because: null } });
        await page.goto(bridge.url);
        await expect(page.getByRole('heading')).toBeVisible();
        await expectAccessible(page);
      });

      test('photo', async ({ page, bridge }) => {
        bridge.status = status({ settings });
        bridge.current = slide('landscape', { caption: locale === 'ko' ? '할머니와 바닷가에서' : 'By the sea with grandmother' });
        await turnOn(page, bridge);
        await expect(page.getByText(locale === 'ko' ? '2024년 봄' : 'spring 2024')).toBeVisible();
        await page.waitForTimeout(1_600);
        await expectAccessible(page);
      });

      test('photo on a mat', async ({ page, bridge }) => {
        bridge.status = status({ settings: { ...settings, fill: 'mat' } });
        bridge.current = slide('portrait', { caption: locale === 'ko' ? '민지 초등학교 입학식' : 'First day at school' });
        await turnOn(page, bridge);
        await page.waitForTimeout(1_600);
        await expectAccessible(page);
      });

      test('buttons and heart', async ({ page, bridge }) => {
        bridge.status = status({ settings });
        bridge.current = slide('portrait');
        await turnOn(page, bridge);
        await touchPhoto(page);
        await page.getByRole('button', { name: locale === 'ko' ? '하트' : 'Heart', exact: true }).tap();
        await page.waitForTimeout(900);
        await expectAccessible(page);
      });

      test('shelf', async ({ page, bridge }) => {
        bridge.status = status({ settings });
        bridge.albums = ['landscape', 'portrait', 'webp', null, 'portrait'].map((cover, index) => ({
          id: `album-${index}`,
          title: (locale === 'ko' ? ['제주 여행', '민지가 태어나던 해', '할머니 생신', '빈 앨범', '2024년 여름 방학에 다녀온 모든 곳'] : ['Jeju', 'The year Minji was born', 'Grandmother’s birthday', 'An empty one', 'Everywhere we went in the summer of 2024'])[index] ?? '',
          cover_photo_id: cover,
          photo_count: index * 7,
        }));
        await turnOn(page, bridge);
        await touchPhoto(page);
        await page.getByRole('button', { name: say.shelf, exact: true }).tap();
        await expect(page.getByRole('heading', { name: say.shelf })).toBeVisible();
        await page.waitForTimeout(600);
        await expectAccessible(page);
      });

      test('album', async ({ page, bridge }) => {
        bridge.status = status({ settings });
        oneAlbum(bridge, photos(bridge, 11, locale));
        await turnOn(page, bridge);
        await touchPhoto(page);
        await page.getByRole('button', { name: say.shelf, exact: true }).tap();
        await expect(page.getByText(/^1 \/ \d$/)).toBeVisible();
        await page.waitForTimeout(500);
        await expectAccessible(page);
        await page.getByRole('button', { name: say.next }).tap();
        await expect(page.getByText(/^2 \/ \d$/)).toBeVisible();
        await page.waitForTimeout(1_000);
        await page.locator('.face.open button.photo').first().tap();
        await expect.poll(() => bridge.said('show').length).toBe(1);
        await expectOn(page, bridge, String(bridge.said('show').at(-1)?.fields['photo_id']));
        await touchPhoto(page);
        await page.getByRole('button', { name: say.shelf, exact: true }).tap();
        await quiet(page);
      });

      test('arrival and import', async ({ page, bridge }) => {
        bridge.status = status({ settings, inbox: { waiting: 3, sending: 1, sent: 6, set_aside: [], paused_because: null } });
        await turnOn(page, bridge);
        bridge.tell({ kind: 'arrived', count: 3, slide: slide('portrait') });
        await expect(page.getByText(say.arrived)).toBeVisible();
        await expect(page.getByText(say.taking)).toBeVisible();
        await page.waitForTimeout(700);
        await expectAccessible(page);
      });

      test('message', async ({ page, bridge }) => {
        bridge.status = status({ settings });
        await turnOn(page, bridge);
        const text = locale === 'ko' ? '엄마, 아빠! 주말에 갈게요.\n민지 사진 많이 올려 뒀어요.' : 'We come on Saturday!\nThere are many new photos of Minji.';
        bridge.tell({ kind: 'message', text });
        await expect(page.getByRole('dialog')).toBeVisible();
        await page.waitForTimeout(500);
        await expectAccessible(page);
        await page.screenshot({ path: `test-results/frame-pictures/${locale}-${panel.width}-letter.png` });
        await page.getByRole('button', { name: say.read }).tap();
        await expect(page.getByRole('dialog')).toHaveCount(0);
      });
    });
  }
}

test('failures 10: a frame that was revoked shows the welcome screen and nothing of the family', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.status = status({ state: 'pairing', pairing });
  bridge.tell({ kind: 'status', status: bridge.status });
  await expect(page.getByText('BCDF-GHJK')).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
});

test('failures 6: unknown fields and unknown events from a newer engine are ignored', async ({ page, bridge }) => {
  await turnOn(page, bridge);
  bridge.tell({ kind: 'from_the_future', words: 'none' } as never);
  bridge.tell({ kind: 'slide', slide: { ...slide('portrait'), kind: 'hologram' as never, new_field: 1 } as never, paused: false });
  await expectOn(page, bridge, 'portrait');
});

test('the address a phone opens is in the square', async ({ page, bridge }) => {
  bridge.status = status({ state: 'pairing', pairing });
  await page.goto(bridge.url);
  await expect(page.getByRole('img', { name: /square code/ })).toBeVisible();
});
