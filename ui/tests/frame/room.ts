// A frame in a room: the screen in a browser, with a bridge the test holds in its hand.
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { Bridge, slide } from './bridge';

export const test = base.extend<{ bridge: Bridge }>({
  bridge: async ({}, use) => {
    const bridge = await Bridge.start();
    bridge.pictures.set('landscape', 'landscape_1.jpg').set('portrait', 'portrait_1.jpg').set('webp', 'webp.webp');
    bridge.current = slide('landscape', { caption: 'By the sea with grandmother' });
    await use(bridge);
    await bridge.stop();
  },
});

export { expect };

/** Opens the screen and waits for its first picture. */
export async function turnOn(page: Page, bridge: Bridge): Promise<void> {
  await page.goto(bridge.url);
  await expectOn(page, bridge, bridge.current?.photo_id ?? '');
}

/** The photo is on the screen, decoded, and the engine was told so. */
export async function expectOn(page: Page, bridge: Bridge, photoId: string): Promise<void> {
  // An earlier showing of the same photo may still lie under it, and gives its pixels back.
  const image = page.locator(`img.photo[src*="/photo/${photoId}?"]`).last();
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((node: HTMLImageElement) => node.complete && node.naturalWidth > 0)).toBe(true);
  await expect.poll(() => differenceFromPhoto(image)).toBeLessThan(SAME);
  await expect.poll(() => bridge.said('shown').at(-1)?.fields['photo_id']).toBe(photoId);
}

/** What smoothing makes of one photo in two sizes is less; a photo that was left out is more. */
export const SAME = 8;

/** Levels of 256 by which what is painted in a photo's place differs from it, on average; 0 where the photo itself is seen. */
export function differenceFromPhoto(photo: Locator): Promise<number> {
  return photo.evaluate((image: HTMLImageElement) => {
    const ground = image.closest('.layer')?.querySelector<HTMLCanvasElement>('canvas.ground');
    if (!ground || getComputedStyle(image).opacity !== '0') return 0;
    const [at, box] = [ground.getBoundingClientRect(), image.getBoundingClientRect()];
    const pixels = ground.width / at.width;
    const seen = (picture: CanvasImageSource, x: number, y: number, width: number, height: number) => {
      const small = new OffscreenCanvas(64, 64).getContext('2d') as OffscreenCanvasRenderingContext2D;
      small.imageSmoothingQuality = 'high';
      small.drawImage(picture, x, y, width, height, 0, 0, 64, 64);
      return [...small.getImageData(0, 0, 64, 64).data];
    };
    const painted = seen(ground, (box.x - at.x) * pixels, (box.y - at.y) * pixels, box.width * pixels, box.height * pixels);
    const wanted = seen(image, 0, 0, image.naturalWidth, image.naturalHeight);
    return painted.reduce((total, level, index) => total + Math.abs(level - (wanted[index] ?? 0)), 0) / painted.length;
  });
}

/** One screen-reader user could use it, too: no serious finding. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

/** Every button and every line lies on the panel, and no button is smaller than a thumb. */
export async function expectNothingClipped(page: Page, panel: { width: number; height: number }): Promise<void> {
  const out = await page.evaluate(({ width, height }) => {
    const mm = parseFloat(document.documentElement.style.getPropertyValue('--mm'));
    const found: string[] = [];
    for (const node of document.querySelectorAll<HTMLElement>('main p, main li, main button:not(.stage), main time')) {
      if (!node.checkVisibility({ opacityProperty: true })) continue;
      const box = node.getBoundingClientRect();
      const name = node.textContent?.trim().slice(0, 30) ?? '';
      if (box.left < 0 || box.top < 0 || box.right > width + 0.5 || box.bottom > height + 0.5) found.push(`off the panel: ${name}`);
      if (node.scrollWidth > node.clientWidth + 1) found.push(`wider than its place: ${name}`);
      if (node.matches('button') && Math.min(box.width, box.height) < 20 * mm - 0.5) found.push(`smaller than a thumb: ${name}`);
    }
    return found;
  }, panel);
  expect(out).toEqual([]);
}

/** Later than a trembling hand's second tap, which is not counted. */
export async function rest(page: Page): Promise<void> {
  await page.waitForTimeout(350);
}

export async function touchPhoto(page: Page): Promise<void> {
  await rest(page);
  await page.touchscreen.tap(400, 250);
}
