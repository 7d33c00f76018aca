// Every screen in both languages: fit for everyone, nothing clipped, a picture kept of each.
import { expect, test, type Page } from '@playwright/test';
import type { Locale } from '../../src/lib/api/gen/types';
import { isFitForEveryone, Member, paintedAll, smallTargets } from './family';

const FAMILY: Record<Locale, { family: string; name: string; album: string; frame: string; caption: string }> = {
  en: { family: 'The Kim family', name: 'Minji', album: 'Summer at the lake', frame: 'Living room', caption: 'The first day' },
  ko: { family: '김씨네 가족', name: '민지', album: '호숫가의 여름', frame: '거실', caption: '첫날 아침' },
};

async function look(page: Page, name: string): Promise<void> {
  await paintedAll(page);
  // A toast is a guest: what is looked at is the screen.
  await page.screenshot({ path: `test-results/screens/${name}.png` });
  await isFitForEveryone(page);
  expect(await smallTargets(page), 'targets are large enough for a finger').toEqual([]);
}

for (const locale of ['en', 'ko'] as const) {
  test(`the door is fit for everyone (${locale})`, async ({ page }, { project }) => {
    const shot = (name: string) => look(page, `${project.name}-${locale}-${name}`);
    await page.addInitScript((language) => localStorage.setItem('picup.locale', language), locale);
    for (const [path, name] of [['/signin', 'signin'], ['/signup', 'signup'], ['/invite/abc', 'invite']] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await shot(name);
    }
  });

  test(`every screen is fit for everyone (${locale})`, async ({ page, request }, { project }) => {
    test.setTimeout(180_000);
    const words = FAMILY[locale];
    const shot = (name: string) => look(page, `${project.name}-${locale}-${name}`);
    const member = await Member.signUp(page, locale, words.family, words.name);
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 2 })).toBeVisible();
    await shot('photos-empty');
    for (const empty of ['albums', 'frames', 'trash']) {
      await page.goto(`/${empty}`);
      await expect(page.getByRole('heading', { level: 2 })).toBeVisible();
      await shot(`${empty}-empty`);
    }

    const album = await member.makeAlbum(words.album);
    await page.goto(`/albums/${album.id}`);
    await shot('album-empty');
    await member.upload('landscape_1.jpg', 'portrait_6.jpg', 'webp.webp', 'heic.heic');
    await page.getByRole('region').getByRole('button').first().click();
    await shot('album');
    await page.locator('section.panel').getByRole('button').last().click();
    await page.locator('.acts button').nth(1).click();
    await shot('album-order');

    await page.goto('/albums');
    await shot('albums');
    await page.goto('/');
    await expect(page.locator('a[data-photo] img')).toHaveCount(4);
    await member.upload('landscape_3.jpg', 'portrait_3.jpg', 'landscape_5.jpg');
    await page.reload();
    await expect(page.locator('a[data-photo] img')).toHaveCount(7);
    await shot('photos');

    const photoId = (await page.locator('a[data-photo]').first().getAttribute('data-photo')) ?? '';
    await member.post(`/v1/photos/${photoId}/comments`, { text: words.caption });
    await page.goto(`/?photo=${photoId}`);
    await expect(page.getByRole('dialog').locator('.stage img')).toBeVisible();
    if (project.name === 'phone') {
      await shot('viewer-alone');
      await page.getByRole('dialog').locator('.bar > button').last().click();
    }
    await expect(page.getByText(words.caption)).toBeVisible();
    await shot('viewer');

    const device = await member.pairFrame(request, words.frame);
    await device.heartbeat(photoId, { inbox_waiting: 4, inbox_set_aside: 1 });
    await page.goto('/frames');
    await expect(page.getByRole('heading', { name: words.frame })).toBeVisible();
    await shot('frames');
    for (const [path, name] of [['/pair?code=BCDF-GHJK', 'pair'], ['/family', 'family'], ['/settings', 'settings'], ['/nowhere', 'lost']] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await page.waitForTimeout(400);
      await shot(name);
    }

    await page.goto(`/?photo=${photoId}`);
    await page.getByRole('dialog').locator('.acts button').last().click();
    // Leaving the page earlier would call the request back.
    await expect(page.locator('a[data-photo]')).toHaveCount(6);
    await page.goto('/trash');
    await expect(page.locator('main li')).toHaveCount(1);
    await shot('trash');
  });
}
