// People and frames of a family.
import { expect, test } from '@playwright/test';
import { Device, Member, newEmail, PASSWORD } from './family';

test('an invited brother signs up by the link and sees the photos', async ({ page, browser }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  await page.goto('/family');
  await page.getByRole('button', { name: 'Invite someone' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.locator('.link a').getAttribute('href');
  expect(link).toContain('/invite/');

  const elsewhere = await browser.newContext({ baseURL: new URL(page.url()).origin, locale: 'en-GB' });
  const brother = await elsewhere.newPage();
  await brother.goto(link ?? '');
  await brother.getByRole('link', { name: 'Sign up to join' }).click();
  await brother.getByLabel('Your name').fill('Junho');
  await brother.getByLabel('E-mail').fill(newEmail());
  await brother.getByLabel('Password').fill(PASSWORD);
  await brother.getByRole('button', { name: 'Sign up' }).click();
  await brother.getByRole('button', { name: 'Join the family' }).click();
  await expect(brother.getByText('Welcome to The Kim family.')).toBeVisible();
  await expect(brother.locator('a[data-photo]')).toHaveCount(1);
  await elsewhere.close();

  await page.goto('/family');
  await expect(page.getByText('Junho', { exact: true })).toBeVisible();
});

test('a frame is connected by its code and obeys the remote control', async ({ page, request }) => {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const photoId = await page.locator('a[data-photo]').getAttribute('data-photo');

  const device = await Device.start(request);
  await page.goto(device.verificationPath);
  await expect(page.getByLabel('Code on the frame')).toHaveValue(device.userCode);
  await page.getByLabel('Name of the frame').fill('Living room');
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByRole('heading', { name: 'Living room' })).toBeVisible();

  await device.finish();
  await device.heartbeat(photoId);
  await page.reload();
  await expect(page.getByText('On and well')).toBeVisible();
  await page.getByRole('button', { name: 'Next photo on the frame' }).click();
  await expect.poll(() => device.commands()).toContain('next');

  await page.goto(`/?photo=${photoId}`);
  await page.getByRole('button', { name: 'Show on the frame now' }).click();
  await expect(page.getByText('“Living room” shows it now.').first()).toBeVisible();
  expect(await device.commands()).toEqual(['next', 'show_photo']);
});

test('a mistyped code is refused in words', async ({ page }) => {
  await Member.signUp(page);
  await page.goto('/pair');
  await page.getByLabel('Code on the frame').fill('zzzzzzzz');
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByRole('alert')).toContainText('No frame is waiting with this code');
});

test('a wrong password is refused in words, and a faulty field is marked', async ({ page }) => {
  await page.goto('/signin');
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password').fill('not the right one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The e-mail or the password is not right.');

  await page.goto('/signup');
  await page.getByLabel('Your name').fill('Minji');
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expect(page.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true');
});

test('two tabs that refresh at the same moment both stay signed in', async ({ page, context }) => {
  const member = await Member.signUp(page);
  const other = await context.newPage();
  await Promise.all([page.goto('/settings'), other.goto('/settings')]);
  for (const tab of [page, other]) await expect(tab.getByText(member.email).first()).toBeVisible();
  await Promise.all([page.reload(), other.reload()]);
  for (const tab of [page, other]) await expect(tab.getByText(member.email).first()).toBeVisible();
});

test('a member signs out and in again, and the language stays theirs', async ({ page }) => {
  const member = await Member.signUp(page);
  await page.goto('/settings');
  await page.getByRole('main').getByRole('button', { name: '한국어' }).click();
  await expect(page.getByRole('heading', { name: '설정' })).toBeVisible();
  await page.getByRole('button', { name: '로그아웃', exact: true }).click();
  await page.getByLabel('이메일').fill(member.email);
  await page.getByLabel('비밀번호').fill(PASSWORD);
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByRole('heading', { name: '설정' })).toBeVisible();
});
