// A frame from afar: its settings, its remote control, how it is, and the numbers it shows.
import { expect, test, type Page } from '@playwright/test';
import type { Frame, FrameSettings } from '../../src/lib/api/gen/types';
import { isFitForEveryone, Member, picture, smallTargets, type Device } from './family';

async function withFrame(page: Page, request: Parameters<Member['pairFrame']>[0]): Promise<{ member: Member; device: Device; photoId: string | null }> {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const photoId = await page.locator('a[data-photo]').getAttribute('data-photo');
  const device = await member.pairFrame(request, 'Living room');
  await device.heartbeat(photoId);
  await page.goto('/frames');
  await expect(page.getByRole('heading', { name: 'Living room' })).toBeVisible();
  return { member, device, photoId };
}

async function settingsOf(member: Member): Promise<FrameSettings> {
  const { items } = await member.get<{ items: Frame[] }>(`/v1/families/${member.family.id}/frames`);
  if (!items[0]) throw new Error('the family has no frame');
  return items[0].settings;
}

async function isFit(page: Page): Promise<void> {
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
}

test('a child sets the nights of a week, and the frame keeps the whole', async ({ page, request }) => {
  const { member } = await withFrame(page, request);
  const before = await settingsOf(member);
  await page.getByRole('link', { name: 'Frame settings' }).click();
  await page.getByLabel('Each photo stays for').selectOption('30 seconds');
  await page.getByLabel('Two upright photos side by side').uncheck();
  await page.getByLabel('Read captions aloud').check();
  await page.getByLabel('The same for every day').check();
  await page.getByLabel('Asleep from').fill('21:30');
  await expect(page.getByText('9 h 30 min, until the next day')).toBeVisible();
  await page.getByLabel('Each day on its own').check();
  await page.getByLabel('Sunday, asleep until').fill('09:00');
  await page.getByRole('checkbox', { name: 'Saturday' }).uncheck();
  await isFit(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('“Living room” has its new settings.').first()).toBeVisible();

  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'sunday'];
  expect(await settingsOf(member)).toEqual({
    ...before,
    seconds_per_photo: 30,
    pairs: false,
    read_aloud: true,
    nights: days.map((day) => ({ day, from: '21:30', until: day === 'sunday' ? '09:00' : '07:00' })),
  });

  await page.getByRole('link', { name: 'Frame settings' }).click();
  await expect(page.getByLabel('Each day on its own')).toBeChecked();
  await page.getByLabel('Never', { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await settingsOf(member)).nights).toEqual([]);
});

test('less light in the evening is added, and hours that cannot be are said so', async ({ page, request }) => {
  const { member } = await withFrame(page, request);
  await page.getByRole('link', { name: 'Frame settings' }).click();
  await page.getByLabel('Brightness').fill('80');
  await page.getByRole('button', { name: 'Add hours' }).click();
  const hours = page.getByRole('group', { name: 'Hours 1' });
  await hours.getByLabel('From').fill('18:00');
  await hours.getByLabel('Until').fill('18:00');
  await expect(hours.getByText('Both times are the same')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await isFit(page);
  await hours.getByLabel('Until').fill('22:00');
  await hours.getByLabel('Brightness').fill('30');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('“Living room” has its new settings.').first()).toBeVisible();
  expect(await settingsOf(member)).toMatchObject({
    brightness: 80,
    dimmed: [{ from: '18:00', until: '22:00', brightness: 30 }],
  });
});

test('the frame is put to sleep, woken, given an album, and restarted only when asked twice', async ({ page, request }) => {
  const { member, device } = await withFrame(page, request);
  await member.makeAlbum('Summer at the lake');
  await page.reload();
  await page.getByRole('button', { name: 'Put to sleep' }).click();
  await page.getByRole('button', { name: 'Wake up' }).click();
  await page.getByRole('button', { name: 'Show an album' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Summer at the lake' }).click();
  await page.getByRole('button', { name: 'Restart the frame' }).click();
  await expect(page.getByText('Restart “Living room”?')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => device.commands()).toEqual(['sleep', 'wake', 'show_album']);
  await page.getByRole('button', { name: 'Restart the frame' }).click();
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await expect.poll(() => device.commands()).toEqual(['sleep', 'wake', 'show_album', 'restart']);
});

test('a picture of the screen is asked for, waited for, and shown with its time', async ({ page, request }) => {
  const { device } = await withFrame(page, request);
  await page.getByRole('button', { name: 'Take a picture of the screen' }).click();
  await expect(page.getByRole('button', { name: 'The frame is taking a picture…' })).toBeVisible();
  await expect.poll(() => device.commands()).toEqual(['picture']);
  await device.sendPicture(picture('landscape_1.jpg'));
  await expect(page.getByRole('img', { name: /^What “Living room” showed at/ })).toBeVisible();
  await expect(page.getByText(/^The screen at .*just now$/)).toBeVisible();
  await isFit(page);

  await page.reload();
  await page.getByRole('button', { name: 'See the last picture of the screen' }).click();
  await expect(page.getByRole('img', { name: /^What “Living room” showed at/ })).toBeVisible();
  await page.getByRole('button', { name: 'See which photo is on' }).click();
  await expect(page.getByRole('img', { name: /^What “Living room” showed at/ })).toBeHidden();
});

test('a frame in need says so in plain words, with the number its parents see', async ({ page, request }) => {
  const { device, photoId } = await withFrame(page, request);
  await device.heartbeat(photoId, {
    troubles: ['disk_full', 'clock_unset'],
    temperature_celsius: 82.6,
    disk_free_bytes: 100_000_000,
    asleep: true,
    panel_switch: 'wlopm',
    memory_bytes: 180_000_000,
  });
  await page.reload();
  await expect(page.getByText('83 °C, too hot')).toBeVisible();
  await expect(page.getByText('Nearly full.')).toBeVisible();
  await page.getByText('All about its health').click();
  await expect(page.getByText('The screen is switched off (wlopm)')).toBeVisible();
  await expect(page.getByText('180 MB')).toBeVisible();
  await isFit(page);
  await page.getByRole('link', { name: /Number 21: The frame is full/ }).click();
  await expect(page.getByLabel('Number on the screen')).toHaveValue('21');
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('article')).toContainText('Choose fewer albums in its settings');
});

test('a number read over the telephone is looked up', async ({ page, request }) => {
  await withFrame(page, request);
  await page.getByRole('link', { name: 'A number on the screen? Look it up.' }).click();
  await expect(page.getByRole('article')).toHaveCount(4);
  await page.getByLabel('Number on the screen').fill('11');
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('article')).toContainText('No internet');
  await isFit(page);
  await page.getByLabel('Number on the screen').fill('99');
  await expect(page.getByText('The frame has no such number.')).toBeVisible();
});
