// What a person does with the albums, said in words.
import type { Page } from '@playwright/test';
import type { Bridge } from './bridge';
import { expect, touchPhoto, turnOn } from './room';

export const SAY = {
  en: { albums: 'Albums', forward: 'Turn the page', back: 'Turn back', toPhotos: 'Back to the photos', toShelf: 'All albums' },
  ko: { albums: '앨범', forward: '다음 장으로', back: '앞 장으로', toPhotos: '사진으로 돌아가기', toShelf: '앨범 모두 보기' },
} as const;
type Locale = keyof typeof SAY;

/** From the slideshow in two taps. */
export async function toAlbums(page: Page, bridge: Bridge, locale: Locale = 'en'): Promise<void> {
  await turnOn(page, bridge);
  await touchPhoto(page);
  await page.getByRole('button', { name: SAY[locale].albums, exact: true }).tap();
  await expect(page.getByRole('button', { name: SAY[locale].toPhotos }).last()).toBeVisible();
}

export async function openShelf(page: Page, bridge: Bridge, locale: Locale = 'en'): Promise<void> {
  await toAlbums(page, bridge, locale);
  await expect(page.getByRole('heading', { name: SAY[locale].albums, exact: true })).toBeVisible();
  await quiet(page);
}

/** The only album there is. */
export async function openAlbum(page: Page, bridge: Bridge, locale: Locale = 'en'): Promise<void> {
  await toAlbums(page, bridge, locale);
  await expect(page.getByRole('button', { name: SAY[locale].toShelf })).toBeVisible();
  await quiet(page);
}

/** Every print that is in the document is made, and nothing fades any more. */
export async function quiet(page: Page): Promise<void> {
  await expect.poll(() => page.locator('.print:empty').count()).toBe(0);
  await expect(page.locator('.over')).toHaveCount(1);
  await page.waitForTimeout(500);
}
