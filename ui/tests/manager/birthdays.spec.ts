// Birthdays a child notes for the frame.
import { expect, test } from '@playwright/test';
import type { Birthdays } from '../../src/lib/api/gen/types';
import { isFitForEveryone, Member, smallTargets } from './family';

test('birthdays are noted, the leap day explained, and one is taken back', async ({ page }) => {
  const member = await Member.signUp(page);
  const noted = async () => (await member.get<Birthdays>(`/v1/families/${member.family.id}/birthdays`)).birthdays;
  await page.goto('/family');
  await expect(page.getByText('No birthdays yet.')).toBeVisible();

  await page.getByRole('button', { name: 'Add a birthday' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name, as the frame says it').fill('Grandmother');
  await form.getByLabel('Month').selectOption('February');
  await form.getByLabel('Day').selectOption('29');
  await expect(form.getByText('the frame congratulates on 1 March')).toBeVisible();
  await form.getByLabel('Year (optional)').fill('1949');
  await expect(form.getByText('There was no such day in that year.')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Add a birthday' })).toBeDisabled();
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
  await form.getByLabel('Year (optional)').fill('1948');
  await form.getByRole('button', { name: 'Add a birthday' }).click();
  await expect(page.getByText('29 February 1948')).toBeVisible();
  expect(await noted()).toEqual([{ name: 'Grandmother', month: 2, day: 29, year: 1948 }]);

  await page.getByRole('button', { name: 'Add a birthday' }).click();
  await form.getByLabel('Name, as the frame says it').fill('Junho');
  await form.getByLabel('Month').selectOption('May');
  await form.getByRole('button', { name: 'Add a birthday' }).click();
  await expect(page.getByText('Junho', { exact: true })).toBeVisible();
  await isFitForEveryone(page);

  await page.getByRole('button', { name: 'Remove the birthday of Grandmother' }).click();
  await expect(page.getByText('29 February 1948')).toBeHidden();
  await page.reload();
  await expect(page.getByText('Junho', { exact: true })).toBeVisible();
  expect(await noted()).toEqual([{ name: 'Junho', month: 5, day: 1, year: null }]);
});
