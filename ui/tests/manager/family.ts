// What the tests share: a family that has just signed up, its photos, and looking at a screen with axe.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Album, Frame, FrameToken, Locale, Me, Pairing, SignedIn } from '../../src/lib/api/gen/types';

export const PASSWORD = 'a paper album on the shelf';
const FIXTURES = resolve(import.meta.dirname, '../../../crates/testkit/fixtures');

let people = 0;
export const newEmail = () => `child${Date.now()}-${process.pid}-${people++}@example.org`;

/** The path of a small real picture. */
export const picture = (name: string) => resolve(FIXTURES, name);

/** The same picture with bytes after its end: still that picture, with a digest and a size of its own. */
export function heavyPicture(name: string, bytes: number): { name: string; mimeType: string; buffer: Buffer } {
  const picture = readFileSync(resolve(FIXTURES, name));
  const padding = Buffer.alloc(Math.max(0, bytes - picture.length), `${Math.random()}`);
  return { name: `heavy-${name}`, mimeType: 'image/jpeg', buffer: Buffer.concat([picture, padding]) };
}

/** A member of a new family, signed in in this page's browser, and speaking to the API as well. */
export class Member {
  private constructor(
    readonly page: Page,
    readonly email: string,
    private readonly token: string,
    readonly family: Me['families'][number],
  ) {}

  static async signUp(page: Page, locale: Locale = 'en', family = 'The Kim family', name = 'Minji'): Promise<Member> {
    const email = newEmail();
    const signup = { email, password: PASSWORD, display_name: name, family_name: family, locale, client: 'web' };
    const answer = await page.request.post('/v1/auth/signup', { data: signup });
    expect(answer.status(), await answer.text()).toBe(201);
    const { access_token } = (await answer.json()) as SignedIn;
    const me = await page.request.get('/v1/me', { headers: bearer(access_token) });
    const [first] = ((await me.json()) as Me).families;
    if (!first) throw new Error('signed up without a family');
    return new Member(page, email, access_token, first);
  }

  post<Answer>(path: string, data: unknown): Promise<Answer> {
    return this.send('POST', path, data);
  }

  put(path: string, data: unknown): Promise<void> {
    return this.send('PUT', path, data);
  }

  patch(path: string, data: unknown): Promise<void> {
    return this.send('PATCH', path, data);
  }

  private async send<Answer>(method: string, path: string, data: unknown): Promise<Answer> {
    const answer = await this.page.request.fetch(path, { method, data, headers: bearer(this.token) });
    expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return (answer.status() === 204 ? undefined : await answer.json()) as Answer;
  }

  async get<Answer>(path: string): Promise<Answer> {
    const answer = await this.page.request.get(path, { headers: bearer(this.token) });
    expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
    return (await answer.json()) as Answer;
  }

  makeAlbum(title: string): Promise<Album> {
    return this.post(`/v1/families/${this.family.id}/albums`, { title });
  }

  /** Chooses pictures on the open page and waits until each is in its place, painted. */
  async upload(...names: string[]): Promise<void> {
    const before = await this.page.locator('a[data-photo]').count();
    await this.page.getByTestId('file-input').first().setInputFiles(names.map(picture));
    await expect(this.page.locator('a[data-photo] img')).toHaveCount(before + names.length, { timeout: 90_000 });
    await paintedAll(this.page);
  }

  async pairFrame(request: APIRequestContext, name: string): Promise<Device> {
    const device = await Device.start(request);
    await this.post<Frame>(`/v1/families/${this.family.id}/frames`, { user_code: device.userCode, name });
    await device.finish();
    return device;
  }
}

/** A frame as the server sees it, without a screen. */
export class Device {
  private token: string | undefined;

  private constructor(
    private readonly request: APIRequestContext,
    private readonly pairing: Pairing,
  ) {}

  static async start(request: APIRequestContext): Promise<Device> {
    const answer = await request.post('/v1/frames/pairings', { data: { hardware_name: 'Raspberry Pi 5' } });
    expect(answer.ok(), await answer.text()).toBe(true);
    return new Device(request, (await answer.json()) as Pairing);
  }

  get userCode(): string {
    return this.pairing.user_code;
  }

  get verificationPath(): string {
    const { pathname, search } = new URL(this.pairing.verification_uri_complete);
    return pathname + search;
  }

  /** Collects its credential, as the real frame does by polling. */
  async finish(): Promise<void> {
    await expect(async () => {
      const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
      const answer = await this.request.post('/v1/frames/token', { data: { grant_type, device_code: this.pairing.device_code } });
      expect(answer.ok(), await answer.text()).toBe(true);
      this.token = ((await answer.json()) as FrameToken).access_token;
    }).toPass({ timeout: 30_000, intervals: [500, 5_500, 5_500] });
  }

  async heartbeat(nowShowing: string | null, more: object = {}): Promise<void> {
    const data = {
      version: '0.1.0',
      now_showing: nowShowing,
      paused: false,
      inbox_waiting: 0,
      inbox_set_aside: 0,
      photos_cached: 3,
      cache_bytes: 2_400_000,
      disk_free_bytes: 21_000_000_000,
      temperature_celsius: 48.5,
      panel_width: 1920,
      panel_height: 1080,
      last_error: null,
      asleep: false,
      panel_switch: null,
      memory_bytes: null,
      troubles: [],
      ...more,
    };
    const answer = await this.request.post('/v1/frames/self/heartbeat', { data, headers: bearer(this.token ?? '') });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** What a parent does at the frame: `/v1/photos/…/hidden`, `/v1/photos/…/removal`. */
  async tell(method: 'PUT' | 'DELETE', path: string): Promise<void> {
    const answer = await this.request.fetch(path, { method, headers: bearer(this.token ?? '') });
    expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  }

  /** Sends a picture of its screen, as it does when asked. */
  async sendPicture(path: string): Promise<void> {
    const headers = { ...bearer(this.token ?? ''), 'content-type': 'image/jpeg' };
    const answer = await this.request.put('/v1/frames/self/picture', { data: readFileSync(path), headers });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** What it was told and has not acknowledged. */
  async commands(): Promise<string[]> {
    const answer = await this.request.get('/v1/frames/self', { headers: bearer(this.token ?? '') });
    const { frame } = (await answer.json()) as { frame: Frame };
    return frame.pending_commands.map((command) => command.action.kind);
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Opens an address, and waits until the page hears what others do: it is not told what they did before. */
export async function openListening(page: Page, path: string): Promise<void> {
  const listening = page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/events');
  await page.goto(path);
  await listening;
}

/** Opens details and comments beside the photo in the viewer, where they are not open already. */
export async function openNotes(page: Page): Promise<void> {
  const viewer = page.getByRole('dialog');
  await expect(viewer.locator('.stage img')).toBeVisible();
  const notes = viewer.getByRole('button', { name: 'Details and comments' });
  if ((await notes.getAttribute('aria-pressed')) === 'false') await notes.click();
  await expect(viewer.getByLabel('Write a comment')).toBeVisible();
}

/** Every picture in sight has been fetched and decoded. */
export async function paintedAll(page: Page): Promise<void> {
  await expect(async () => {
    const unpainted = await page
      .locator('img:visible')
      .evaluateAll((images) => (images as HTMLImageElement[]).filter((image) => !image.complete || image.naturalWidth === 0).length);
    expect(unpainted).toBe(0);
  }).toPass({ timeout: 30_000 });
}

/** No serious fault for people who hear, magnify or tab through the screen, and nothing wider than the screen. */
export async function isFitForEveryone(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze();
  const grave = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  expect(grave.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, 'nothing is wider than the screen').toBeLessThanOrEqual(0);
}

/** Buttons and links a finger must hit, except links inside a sentence. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.locator('button:visible, nav a:visible, select:visible, input:visible').evaluateAll((targets) =>
    targets
      .filter((target) => !target.matches('[type=checkbox], [type=radio]'))
      .filter((target) => {
        const { width, height } = target.getBoundingClientRect();
        return width > 0 && (width < 43.5 || height < 43.5);
      })
      .map((target) => target.outerHTML.slice(0, 120)),
  );
}
