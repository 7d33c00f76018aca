// The screens that care for a frame and its parents, in both languages: fit for everyone, a picture kept of each.
import { expect, test, type Page } from '@playwright/test';
import type { Locale } from '../../src/lib/api/gen/types';
import { launchOptions } from '../browser';
import { isFitForEveryone, Member, paintedAll, picture, smallTargets } from './family';

const WORDS: Record<Locale, { family: string; name: string; frame: string; album: string; grandmother: string }> = {
  en: { family: 'The Kim family', name: 'Minji', frame: 'Living room', album: 'Summer at the lake', grandmother: 'Grandmother' },
  ko: { family: '김씨네 가족', name: '민지', frame: '거실', album: '호숫가의 여름', grandmother: '할머니' },
};
const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({ launchOptions: { ...launchOptions, args: [...(launchOptions.args ?? []), ...FAKE_MICROPHONE] } });

async function look(page: Page, name: string): Promise<void> {
  await paintedAll(page);
  await page.screenshot({ path: `test-results/screens/${name}.png` });
  await isFitForEveryone(page);
  expect(await smallTargets(page), 'targets are large enough for a finger').toEqual([]);
}

for (const locale of ['en', 'ko'] as const) {
  test(`caring for the frame is fit for everyone (${locale})`, async ({ page, request }, { project }) => {
    test.setTimeout(180_000);
    const words = WORDS[locale];
    const shot = (name: string) => look(page, `${project.name}-${locale}-${name}`);
    const member = await Member.signUp(page, locale, words.family, words.name);
    await page.goto('/');
    await member.upload('landscape_1.jpg', 'portrait_6.jpg', 'webp.webp');
    const links = await page.locator('a[data-photo]').evaluateAll((all) => all.map((link) => link.getAttribute('data-photo')));
    const [asked = null, hidden = null, shown = null] = links;
    await member.makeAlbum(words.album);
    const device = await member.pairFrame(request, words.frame);
    await device.tell('PUT', `/v1/photos/${asked}/removal`);
    await device.tell('PUT', `/v1/photos/${hidden}/hidden`);
    await page.goto('/');
    await expect(page.locator('main aside')).toBeVisible();
    await shot('photos-asked');
    await page.goto('/?only=proposed');
    await page.locator('a[data-photo]').click();
    await expect(page.getByRole('dialog').locator('.stage img')).toBeVisible();
    await shot('viewer-asked');
    await page.goto(`/?photo=${hidden}`);
    await expect(page.getByRole('dialog').locator('.stage img')).toBeVisible();
    await shot('viewer-hidden');

    await page.goto(`/?photo=${shown}`);
    await expect(page.getByRole('dialog').locator('.stage img')).toBeVisible();
    if (project.name === 'phone') await page.getByRole('dialog').locator('.bar > button').last().click();
    const speaking = page.locator('.recorder button').first();
    await speaking.click();
    await expect(page.getByRole('timer')).toContainText(/[1-5]\d/);
    await page.getByRole('timer').scrollIntoViewIfNeeded();
    await shot('voice-recording');
    await speaking.click();
    const send = page.locator('.recorder > button');
    await send.scrollIntoViewIfNeeded();
    await shot('voice-recorded');
    await send.click();
    await expect(page.locator('.comments li .voice')).toBeVisible();
    // It is put there anew once the server tells of it.
    await expect(() => page.locator('.comments li .voice').scrollIntoViewIfNeeded()).toPass();
    await shot('voice-sent');

    await device.heartbeat(shown, { panel_switch: 'wlopm', memory_bytes: 181_000_000 });
    await page.goto('/frames');
    await expect(page.getByRole('article').getByRole('img')).toBeVisible();
    await page.locator('summary').click();
    await shot('frame-well');
    await device.sendPicture(picture('landscape_1.jpg'));
    const troubled = { troubles: ['disk_full', 'offline'], temperature_celsius: 82.6, inbox_set_aside: 2, asleep: true };
    await device.heartbeat(shown, troubled);
    await page.reload();
    await page.locator('.side button').first().click();
    await expect(page.getByRole('article').locator('figcaption')).toBeVisible();
    await shot('frame-in-need');
    await page.goto('/frames/numbers');
    await shot('frame-numbers');

    await page.goto('/frames');
    await page.locator('a[href$="/settings"].round').click();
    await page.getByRole('radio').nth(1).check();
    await page.getByRole('radio').nth(1).scrollIntoViewIfNeeded();
    await shot('frame-settings-same');
    await page.getByRole('radio').nth(2).check();
    await page.locator('.dimmed > div > button').last().click();
    await page.getByRole('radio').nth(2).scrollIntoViewIfNeeded();
    await shot('frame-settings-each');

    await page.goto('/family');
    await page.locator('section header button').click();
    await page.locator('dialog input').first().fill(words.grandmother);
    await page.locator('dialog select').first().selectOption('2');
    await page.locator('dialog select').last().selectOption('29');
    await shot('birthday-new');
    await page.locator('dialog form button').click();
    await expect(page.getByText(words.grandmother, { exact: true })).toBeVisible();
    await shot('family-birthdays');
  });
}
