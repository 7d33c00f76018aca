// What a child does on the first evening, from signing up to taking a photo back out of the trash.
import { expect, test } from '@playwright/test';
import { isFitForEveryone, Member, newEmail, paintedAll, PASSWORD, picture } from './family';

test('a child signs up, fills an album, likes, comments, throws away and takes back', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('Your name').fill('Minji');
  await page.getByLabel('Family name').fill('The Kim family');
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByRole('heading', { name: 'No photos yet' })).toBeVisible();

  await page.getByRole('link', { name: 'Albums' }).click();
  await page.getByRole('button', { name: 'New album' }).click();
  await page.getByLabel('Album title').fill('Summer at the lake');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Summer at the lake', level: 1 })).toBeVisible();

  const fixtures = ['landscape_1.jpg', 'portrait_6.jpg', 'webp.webp'];
  await page.getByTestId('file-input').first().setInputFiles(fixtures.map(picture));
  await expect(page.locator('a[data-photo] img')).toHaveCount(3, { timeout: 45_000 });
  await expect(page.getByText('All 3 photos are in the album')).toBeVisible();
  await page.getByRole('region', { name: 'Uploads' }).getByRole('button', { name: 'Close' }).click();
  await paintedAll(page);

  await page.locator('a[data-photo]').first().click();
  const viewer = page.getByRole('dialog');
  await expect(viewer.locator('.stage img')).toBeVisible();
  await isFitForEveryone(page);

  await viewer.getByRole('button', { name: /^Give a heart/ }).click();
  await expect(viewer.getByRole('button', { name: /^Take your heart back. 1 heart/ })).toBeVisible();

  const comments = viewer.getByLabel('Write a comment');
  if (!(await comments.isVisible())) await viewer.getByRole('button', { name: 'Details and comments' }).click();
  await comments.fill('Grandmother would have loved this.');
  await viewer.getByRole('button', { name: 'Send the comment' }).click();
  await expect(viewer.getByText('Grandmother would have loved this.')).toBeVisible();

  await viewer.getByRole('button', { name: 'Add a caption' }).click();
  await viewer.getByLabel('Caption').fill('The morning we arrived');
  await viewer.getByRole('button', { name: 'Save' }).click();
  await expect(viewer.getByText('The morning we arrived')).toBeVisible();

  await viewer.getByRole('button', { name: 'Move to trash' }).click();
  const undo = viewer.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await expect(page.locator('a[data-photo]')).toHaveCount(2);
  await undo.click();
  await expect(page.locator('a[data-photo]')).toHaveCount(3);

  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await page.reload();
  await expect(page.locator('a[data-photo]')).toHaveCount(3);
});

test('a photo thrown away comes back from the trash', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  await page.locator('a[data-photo]').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('heading', { name: 'No photos yet' })).toBeVisible();

  await page.goto('/trash');
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  await page.goto('/');
  await expect(page.locator('a[data-photo]')).toHaveCount(1);
});

test('the keys turn the pages and a link opens the photo it names', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg', 'portrait_1.jpg');

  await page.locator('a[data-photo]').first().click();
  const first = page.url();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.url()).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.url()).toBe(first);
  await page.reload();
  await expect(page.getByRole('dialog').locator('.stage img')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/');
});

test('a file that is no picture at all is refused in words', async ({ page }) => {
  await Member.signUp(page);
  await page.goto('/');
  const file = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('these bytes are no picture') };
  await page.getByTestId('file-input').first().setInputFiles(file);
  await expect(page.getByText('1 file could not be added')).toBeVisible();
  await page.getByRole('button', { name: 'Show every file' }).click();
  await expect(page.getByText('This is not a photo or film that can be kept here.')).toBeVisible();
});

test('a picture that cannot be decoded is kept, and said to be so', async ({ page }) => {
  await Member.signUp(page);
  await page.goto('/');
  const onlyAHeader = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(500, 7)]);
  const file = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: onlyAHeader };
  await page.getByTestId('file-input').first().setInputFiles(file);
  await expect(page.getByText('Cannot be shown')).toBeVisible({ timeout: 45_000 });
  await page.locator('a[data-photo]').click();
  await expect(page.getByText('This file cannot be shown as a picture.')).toBeVisible();
  await isFitForEveryone(page);
});
