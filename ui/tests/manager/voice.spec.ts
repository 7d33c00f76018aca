// Comments said aloud, with Chromium's humming microphone.
import { expect, test, type Locator, type Page } from '@playwright/test';
import type { Comment, Page as CommentPage } from '../../src/lib/api/gen/types';
import { launchOptions } from '../browser';
import { isFitForEveryone, Member, openNotes, smallTargets } from './family';

const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({ launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), ...FAKE_MICROPHONE] } });

async function openedPhoto(page: Page): Promise<{ member: Member; id: string; viewer: Locator }> {
  const member = await Member.signUp(page);
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const id = (await page.locator('a[data-photo]').getAttribute('data-photo')) ?? '';
  await page.locator('a[data-photo]').click();
  await openNotes(page);
  return { member, id, viewer: page.getByRole('dialog') };
}

const commentsOf = async (member: Member, id: string) =>
  (await member.get<CommentPage<Comment>>(`/v1/photos/${id}/comments`)).items;

async function record(viewer: Locator, start = 'Say it with your voice'): Promise<void> {
  await viewer.getByRole('button', { name: start }).click();
  await expect(viewer.getByRole('timer')).toHaveText(/^[1-5]\d seconds left$/);
  await viewer.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(viewer.getByRole('button', { name: 'Listen', exact: true })).toBeVisible();
}

test('a child says something, listens, says it again, sends it, and takes it back', async ({ page }) => {
  const { member, id, viewer } = await openedPhoto(page);
  await record(viewer);
  await viewer.getByRole('button', { name: 'Listen', exact: true }).click();
  await expect(viewer.getByRole('button', { name: 'Stop listening' })).toBeVisible();
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
  await record(viewer, 'Say it again');
  expect(await commentsOf(member, id), 'nothing is sent before it is').toEqual([]);
  await viewer.getByLabel('A few words with it (optional)').fill('Listen, Mum!');
  await viewer.getByRole('button', { name: 'Send the voice' }).click();
  await expect(viewer.getByText('Listen, Mum!')).toBeVisible();

  const [sent] = await commentsOf(member, id);
  expect(sent).toMatchObject({ text: 'Listen, Mum!', voice: { media_type: 'audio/webm' } });
  expect(sent?.voice?.bytes).toBeGreaterThan(1_000);

  await page.reload();
  await openNotes(page);
  await viewer.getByRole('button', { name: 'Listen to Minji' }).click();
  await expect(viewer.getByRole('button', { name: "Stop Minji's voice" })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Listen to Minji' })).toBeVisible();

  await viewer.getByRole('button', { name: 'Delete the comment of Minji' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(viewer.getByText('No comments yet.')).toBeVisible();
  expect(await commentsOf(member, id)).toEqual([]);
});

test('a voice ends by itself after a minute', async ({ page }) => {
  await page.clock.install();
  const { viewer } = await openedPhoto(page);
  await viewer.getByRole('button', { name: 'Say it with your voice' }).click();
  await expect(viewer.getByRole('timer')).toBeVisible();
  await page.clock.fastForward(61_000);
  await expect(viewer.getByRole('button', { name: 'Listen', exact: true })).toBeVisible();
  await expect(viewer.getByText('1:00')).toBeVisible();
});

test('turning to another photo lets the microphone go', async ({ page }) => {
  const { member, viewer } = await openedPhoto(page);
  await page.keyboard.press('Escape');
  await member.upload('portrait_1.jpg');
  await page.locator('a[data-photo]').first().click();
  await openNotes(page);
  await page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      Object.assign(globalThis, { lastTracks: stream.getTracks() });
      return stream;
    };
  });
  await viewer.getByRole('button', { name: 'Say it with your voice' }).click();
  await expect(viewer.getByRole('timer')).toBeVisible();
  await viewer.getByRole('button', { name: 'Next photo' }).click();
  await expect(viewer.getByRole('button', { name: 'Say it with your voice' })).toBeVisible();
  const states = await page.evaluate(() => (globalThis as unknown as { lastTracks: MediaStreamTrack[] }).lastTracks.map((track) => track.readyState));
  expect(states).toEqual(['ended']);
});

test('a microphone that is refused is said so, with what to do', async ({ page }) => {
  const { viewer } = await openedPhoto(page);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await viewer.getByRole('button', { name: 'Say it with your voice' }).click();
  await expect(viewer.getByRole('alert')).toContainText('The microphone was not allowed.');
  await isFitForEveryone(page);
});

test('a written comment is deleted by who wrote it', async ({ page }) => {
  const { member, id, viewer } = await openedPhoto(page);
  await viewer.getByLabel('Write a comment').fill('Too much salt.');
  await viewer.getByRole('button', { name: 'Send the comment' }).click();
  await viewer.getByRole('button', { name: 'Delete the comment of Minji' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await commentsOf(member, id)).toHaveLength(1);
  await viewer.getByRole('button', { name: 'Delete the comment of Minji' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(viewer.getByText('No comments yet.')).toBeVisible();
  expect(await commentsOf(member, id)).toEqual([]);
});
