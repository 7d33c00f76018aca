// Albums: their order, their cover, and what happens when two people arrange one.
import { expect, test } from '@playwright/test';
import type { Page as PhotoPage, Photo } from '../../src/lib/api/gen/types';
import { Member, openListening } from './family';

const order = async (member: Member, album: string) =>
  (await member.get<PhotoPage<Photo>>(`/v1/albums/${album}/photos`)).items.map((photo) => photo.id);

test('photos are put in order with buttons and by dragging', async ({ page }, { project }) => {
  const member = await Member.signUp(page);
  const album = await member.makeAlbum('Spring');
  await page.goto(`/albums/${album.id}`);
  await member.upload('landscape_1.jpg', 'portrait_1.jpg', 'webp.webp');
  const [first, second, third] = await order(member, album.id);

  await page.getByRole('button', { name: 'Change the order' }).click();
  await page.getByRole('button', { name: 'Move photo 1 later' }).click();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await expect(page.getByRole('button', { name: 'Save the order' })).toBeHidden();
  expect(await order(member, album.id)).toEqual([second, first, third]);

  if (project.name !== 'desktop') return;
  await page.getByRole('button', { name: 'Change the order' }).click();
  const [grip, target] = [page.locator('.grip').nth(2), page.locator('[data-place="0"]')];
  await grip.hover();
  await page.mouse.down();
  const box = await target.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20, { steps: 8 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await expect(page.getByRole('button', { name: 'Save the order' })).toBeHidden();
  expect(await order(member, album.id)).toEqual([third, second, first]);
});

test('a chosen photo becomes the cover, and the album a new name', async ({ page }) => {
  const member = await Member.signUp(page);
  const album = await member.makeAlbum('Spring');
  await page.goto(`/albums/${album.id}`);
  await member.upload('landscape_1.jpg', 'portrait_1.jpg');
  const second = page.locator('a[data-photo]').nth(1);
  const id = await second.getAttribute('data-photo');
  await second.click();
  await page.getByRole('button', { name: 'Use as album cover' }).click();
  await expect(page.getByText('This is the cover now.').first()).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Edit the album' }).click();
  await page.getByLabel('Album title').fill('Spring in Jeju');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Spring in Jeju' })).toBeVisible();
  const answer = await member.get<{ cover_photo_id: string }>(`/v1/albums/${album.id}`);
  expect(answer.cover_photo_id).toBe(id);
});

test('an album someone else fills shows it without a reload', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const id = await page.locator('a[data-photo]').getAttribute('data-photo');
  const album = await member.makeAlbum('Shared');
  await openListening(page, `/albums/${album.id}`);
  await expect(page.getByText('This album is empty')).toBeVisible();
  await member.post(`/v1/albums/${album.id}/photos`, { photo_ids: [id] });
  await expect(page.locator('a[data-photo]')).toHaveCount(1);
});
