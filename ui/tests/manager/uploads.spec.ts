// Uploads over a bad connection.
import { expect, test, type Page } from '@playwright/test';
import { heavyPicture, Member, picture } from './family';
import { MAX_UPLOAD_BYTES } from './server';

const MEGABYTE = 1_000_000;

/** Slows sending down, so that there is a middle to interrupt; the answer takes the network away and brings it back. */
async function slowDown(page: Page, bytesPerSecond: number): Promise<(offline: boolean) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const limits = { latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
  const setOffline = async (offline: boolean) => {
    await session.send('Network.emulateNetworkConditions', { ...limits, offline });
  };
  await setOffline(false);
  return setOffline;
}

/** Where each PATCH of an upload began. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

test('an upload interrupted by closing the page continues where it was', async ({ page }) => {
  test.slow();
  await Member.signUp(page);
  await page.goto('/');
  await slowDown(page, 2 * MEGABYTE);
  const before = offsetsOf(page);
  await page.getByTestId('file-input').first().setInputFiles(heavyPicture('landscape_1.jpg', 20 * MEGABYTE));
  await expect.poll(() => before.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);

  await page.reload();
  const after = offsetsOf(page);
  await expect(page.getByText('The photo is in the album')).toBeVisible({ timeout: 45_000 });
  expect(Math.min(...after), 'nothing is sent from the beginning again').toBeGreaterThan(0);
  await expect(page.locator('a[data-photo]')).toHaveCount(1);
});

test('an upload whose network goes away says so, and goes on when it is back', async ({ page }) => {
  test.slow();
  await Member.signUp(page);
  await page.goto('/');
  const setOffline = await slowDown(page, 2 * MEGABYTE);
  const offsets = offsetsOf(page);
  await page.getByTestId('file-input').first().setInputFiles(heavyPicture('portrait_1.jpg', 20 * MEGABYTE));
  await expect.poll(() => offsets.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);

  await setOffline(true);
  await expect(page.getByText('No connection. It will continue by itself.').first()).toBeVisible({ timeout: 30_000 });
  const sentBefore = offsets.length;
  await setOffline(false);
  await expect(page.getByText('The photo is in the album')).toBeVisible({ timeout: 45_000 });
  expect(Math.min(...offsets.slice(sentBefore)), 'what had arrived is not sent again').toBeGreaterThan(0);
});

test('photos the family has are not sent twice', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const offsets = offsetsOf(page);
  await page.getByTestId('file-input').first().setInputFiles([picture('landscape_1.jpg')]);
  await expect(page.getByText('The photo is in the album')).toBeVisible();
  await page.getByRole('button', { name: 'Show every file' }).click();
  await expect(page.getByText('The family already has it')).toBeVisible();
  expect(offsets).toEqual([]);
});

test('a file the server refuses for good is set aside with a reason, and the others go on', async ({ page }) => {
  test.slow();
  await Member.signUp(page);
  await page.goto('/');
  const small = { ...heavyPicture('portrait_1.jpg', 0), name: 'small.jpg' };
  const files = [{ ...heavyPicture('landscape_1.jpg', MAX_UPLOAD_BYTES + 1), name: 'huge.jpg' }, small];
  await page.getByTestId('file-input').first().setInputFiles(files);
  await expect(page.getByText('1 file could not be added')).toBeVisible({ timeout: 45_000 });
  await page.getByRole('button', { name: 'Show every file' }).click();
  await expect(page.getByText('This file is too large for the server.')).toBeVisible();
  await expect(page.locator('a[data-photo]')).toHaveCount(1);
});

test('dropping files on the page uploads them', async ({ page }) => {
  await Member.signUp(page);
  await page.goto('/');
  // Only a page that stands hears what is dragged over it.
  await page.getByTestId('file-input').first().waitFor({ state: 'attached' });
  const { buffer } = heavyPicture('landscape_1.jpg', 0);
  const transfer = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'dropped.jpg', { type: 'image/jpeg' }));
    return data;
  }, buffer.toString('base64'));
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop the photos here')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.locator('a[data-photo] img')).toHaveCount(1, { timeout: 45_000 });
});
