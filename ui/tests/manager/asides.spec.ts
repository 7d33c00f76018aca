// Photos the parents do not want to see: hidden from the frames, or asked to be taken away.
import { expect, test } from '@playwright/test';
import type { Photo } from '../../src/lib/api/gen/types';
import { isFitForEveryone, Member, openNotes, smallTargets } from './family';

test('a photo is hidden from the frames, found among the hidden, and shown again', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg', 'portrait_1.jpg');
  const id = (await page.locator('a[data-photo]').first().getAttribute('data-photo')) ?? '';
  const isHidden = async () => (await member.get<Photo>(`/v1/photos/${id}`)).hidden;

  await page.goto(`/?photo=${id}`);
  const hide = page.getByRole('button', { name: 'Hide from the frames' });
  const aside = page.getByRole('group', { name: 'Hidden from the frames' });
  await openNotes(page);
  await hide.click();
  await expect(aside).toBeVisible();
  expect(await isHidden()).toBe(true);
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(aside).toBeHidden();
  expect(await isHidden()).toBe(false);
  await hide.click();
  await expect(aside).toBeVisible();
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await expect(page.locator(`a[data-photo="${id}"]`)).toHaveAccessibleName(/Hidden from the frames$/);
  await page.getByRole('button', { name: 'Only photos hidden from the frames' }).click();
  await expect(page.locator('a[data-photo]')).toHaveCount(1);
  await page.reload();
  await page.locator('a[data-photo]').click();
  await page.getByRole('button', { name: 'Show again' }).click();
  await expect(aside).toBeHidden();
  expect(await isHidden()).toBe(false);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Nothing is hidden' })).toBeVisible();
});

test('what the parents asked to take away waits calmly, and the children decide', async ({ page, request }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg', 'portrait_1.jpg', 'webp.webp');
  const ids = await page.locator('a[data-photo]').evaluateAll((links) => links.map((link) => link.getAttribute('data-photo')));
  const frame = await member.pairFrame(request, 'Living room');
  for (const id of ids.slice(0, 2)) await frame.tell('PUT', `/v1/photos/${id}/removal`);

  await expect(page.getByText('Your parents asked to take 2 photos away.')).toBeVisible();
  await isFitForEveryone(page);
  await page.getByRole('link', { name: 'Look and decide' }).click();
  await expect(page.getByRole('heading', { name: 'Photos your parents asked to take away' })).toBeVisible();
  await expect(page.locator('a[data-photo]')).toHaveCount(2);

  await page.locator('a[data-photo]').first().click();
  const aside = page.getByRole('group', { name: 'Your parents asked to take this photo away.' });
  await expect(aside).toBeVisible();
  await isFitForEveryone(page);
  await aside.getByRole('button', { name: 'Keep it' }).click();
  await expect(aside).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.locator('a[data-photo]')).toHaveCount(1);

  await page.locator('a[data-photo]').first().click();
  await aside.getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('heading', { name: 'All is decided' })).toBeVisible();
  const kept = await Promise.all(ids.map((id) => member.get<Photo>(`/v1/photos/${id}`)));
  expect(kept.map((photo) => photo.removal_proposed)).toEqual([false, false, false]);
  expect(kept.filter((photo) => photo.state === 'trashed')).toHaveLength(1);
});
