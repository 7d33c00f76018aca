// Who is in a picture, named by a child.
import { expect, test, type Page } from '@playwright/test';
import type { Invite, Photo, SignedIn } from '../../src/lib/api/gen/types';
import { isFitForEveryone, Member, newEmail, openListening, openNotes, PASSWORD, smallTargets } from './family';

const viewer = (page: Page) => page.getByRole('dialog');
const shown = (page: Page) => viewer(page).getByRole('list', { name: 'Who is in the picture' }).getByRole('listitem');

/** Two photos, the first of them open with its notes. */
async function look(page: Page, member: Member): Promise<[string, string]> {
  await page.goto('/');
  await member.upload('landscape_1.jpg', 'portrait_1.jpg');
  const ids = await page.locator('a[data-photo]').evaluateAll((links) => links.map((link) => link.getAttribute('data-photo') ?? ''));
  await openListening(page, `/?photo=${ids[0]}`);
  await openNotes(page);
  return [ids[0] ?? '', ids[1] ?? ''];
}

test('names are added by Enter, comma and touch, taken away, and found again', async ({ page }, { project }) => {
  const member = await Member.signUp(page);
  const grandmother = { name: 'Grandmother', month: 5, day: 1, year: null };
  await member.put(`/v1/families/${member.family.id}/birthdays`, { birthdays: [grandmother] });
  const [first, second] = await look(page, member);
  const kept = async (id: string) => (await member.get<Photo>(`/v1/photos/${id}`)).people;

  await viewer(page).getByRole('button', { name: 'Name who is in the picture' }).click();
  const name = viewer(page).getByLabel('Name', { exact: true });
  await expect(name).toBeFocused();
  await page.keyboard.type('Minji,Jun');
  await expect(shown(page)).toHaveText(['Minji']);
  await expect(name).toHaveValue('Jun');
  await page.keyboard.type('ho');
  await page.keyboard.press('Enter');
  await expect(shown(page)).toHaveText(['Minji', 'Junho']);
  await viewer(page).getByRole('button', { name: 'Add Grandmother' }).click();
  await expect(shown(page)).toHaveText(['Minji', 'Junho', 'Grandmother']);
  await expect(viewer(page).getByText('Grandmother added.')).toBeAttached();
  await expect.poll(() => kept(first)).toEqual(['Minji', 'Junho', 'Grandmother']);

  await viewer(page).getByRole('button', { name: 'Take Junho away' }).click();
  await expect(shown(page)).toHaveText(['Minji', 'Grandmother']);
  await expect(viewer(page).getByRole('button', { name: 'Take Grandmother away' })).toBeFocused();
  await name.fill('x'.repeat(41));
  await expect(viewer(page).getByText('A name has at most 40 characters.')).toBeVisible();
  await name.press('Enter');
  await expect(shown(page)).toHaveCount(2);
  await name.fill('Minji');
  await name.press('Enter');
  await expect(viewer(page).getByText('This name is there already.')).toBeAttached();
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
  await page.screenshot({ path: `test-results/screens/${project.name}-en-people.png` });

  // Whoever named one photo names the next: those used last are offered, and the field is still there.
  await viewer(page).getByRole('button', { name: /^(Next|Previous) photo$/ }).click();
  await expect(shown(page)).toHaveCount(0);
  await expect(viewer(page).getByRole('group', { name: 'Names used before' }).getByRole('button').first()).toHaveText('Grandmother');
  await viewer(page).getByRole('button', { name: 'Add Minji' }).click();
  await name.fill('Sujin');
  await viewer(page).getByRole('button', { name: 'Done' }).click();
  await expect(viewer(page).getByRole('button', { name: 'Change the names' })).toBeFocused();
  await expect.poll(() => kept(second)).toEqual(['Minji', 'Sujin']);
  expect(await kept(first)).toEqual(['Minji', 'Grandmother']);

  await page.reload();
  await expect(page.locator(`a[data-photo="${first}"]`)).toHaveAccessibleName(/^Minji, Grandmother, /);
});

test('a Korean name is added whole, not while its last syllable is put together', async ({ page }, { project }) => {
  const member = await Member.signUp(page, 'ko', '김씨네 가족', '민지');
  const birthdays = ['할머니', '할아버지', '준호'].map((name, index) => ({ name, month: 5, day: index + 1, year: null }));
  await member.put(`/v1/families/${member.family.id}/birthdays`, { birthdays });
  await page.goto('/');
  await member.upload('landscape_1.jpg');
  const id = (await page.locator('a[data-photo]').first().getAttribute('data-photo')) ?? '';
  await page.goto(`/?photo=${id}`);
  await expect(viewer(page).locator('.stage img')).toBeVisible();
  const notes = viewer(page).getByRole('button', { name: '정보와 댓글' });
  if ((await notes.getAttribute('aria-pressed')) === 'false') await notes.click();
  await viewer(page).getByRole('button', { name: '사진 속 사람 이름 쓰기' }).click();

  const names = viewer(page).getByRole('list', { name: '사진 속 사람' }).getByRole('listitem');
  const keyboard = await page.context().newCDPSession(page);
  const compose = (text: string) => keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await compose('할머');
  await page.keyboard.press('Enter');
  await compose('할머니,');
  await expect(viewer(page).getByLabel('이름', { exact: true })).toHaveValue('할머니,');
  await expect(names).toHaveCount(0);
  await keyboard.send('Input.insertText', { text: '할머니' });
  await page.keyboard.press('Enter');
  await expect(names).toHaveText(['할머니']);
  await keyboard.send('Input.insertText', { text: '김수한무거북이와두루미삼천갑자동방삭' });
  await page.keyboard.press('Enter');
  await expect(names).toHaveCount(2);
  await expect.poll(async () => (await member.get<Photo>(`/v1/photos/${id}`)).people).toEqual(['할머니', '김수한무거북이와두루미삼천갑자동방삭']);
  await isFitForEveryone(page);
  expect(await smallTargets(page)).toEqual([]);
  await viewer(page).getByRole('button', { name: '할머니 빼기' }).click();
  await viewer(page).getByLabel('이름', { exact: true }).fill('할');
  await page.screenshot({ path: `test-results/screens/${project.name}-ko-people.png` });
  await viewer(page).getByRole('button', { name: '완료' }).click();
});

test('what the server refuses leaves the names as they were', async ({ page }) => {
  const member = await Member.signUp(page);
  const [id] = await look(page, member);
  await member.patch(`/v1/photos/${id}`, { people: ['Minji'] });
  await expect(shown(page)).toHaveText(['Minji']);
  await viewer(page).getByRole('button', { name: 'Change the names' }).click();
  await page.route(`**/v1/photos/${id}`, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));
  await page.keyboard.type('Junho');
  await page.keyboard.press('Enter');
  await expect(viewer(page).getByText('No connection.')).toBeVisible();
  await expect(shown(page)).toHaveText(['Minji']);
});

test('a viewer reads the names and changes none', async ({ page, browser }) => {
  const owner = await Member.signUp(page);
  const [id] = await look(page, owner);
  await owner.patch(`/v1/photos/${id}`, { people: ['Minji', 'Junho'] });
  const invite = await owner.post<Invite>(`/v1/families/${owner.family.id}/invites`, { role: 'viewer' });
  const aunt = await (await browser.newContext()).newPage();
  const signup = { email: newEmail(), password: PASSWORD, display_name: 'Sujin', family_name: 'Elsewhere', locale: 'en', client: 'web' };
  const { access_token } = (await (await aunt.request.post('/v1/auth/signup', { data: signup })).json()) as SignedIn;
  const accepted = await aunt.request.post(`/v1/invites/${invite.code}/accept`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(accepted.ok(), await accepted.text()).toBe(true);
  await aunt.addInitScript((family) => localStorage.setItem('picup.family', family), owner.family.id);
  await aunt.goto(`/?photo=${id}`);
  await openNotes(aunt);
  await expect(shown(aunt)).toHaveText(['Minji', 'Junho']);
  await expect(viewer(aunt).getByRole('button', { name: 'Change the names' })).toBeHidden();
  await aunt.context().close();
});
