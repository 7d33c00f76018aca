// Albums: pages turn like paper, open where one left off, and no more are in the document than are open and next to it.
import type { Page } from '@playwright/test';
import { openAlbum, openShelf, quiet, toAlbums } from './albums';
import { slide, status } from './bridge';
import { Hand } from './fingers';
import { oneAlbum, photos, shelfOf } from './library';
import { expect, expectOn, test, touchPhoto, rest } from './room';

const forward = (page: Page) => page.getByRole('button', { name: 'Turn the page' });
const back = (page: Page) => page.getByRole('button', { name: 'Turn back' });
const placeOf = (page: Page, opening: number) => page.getByText(new RegExp(`^${opening} / \\d+$`));
const at = (page: Page, opening: number) => expect(placeOf(page, opening)).toBeVisible();
/** Degrees the page on the right is raised by. */
const raised = (page: Page) =>
  page.locator('.face.front.turning').evaluate((face) => {
    const matrix = new DOMMatrix(getComputedStyle(face).transform);
    return Math.round((Math.atan2(matrix.m13, matrix.m11) * 180) / Math.PI);
  });
const lieFlat = (page: Page) => expect(page.locator('.face.turning')).toHaveCount(0);
/** Photos on the open pages, by their position in the album, from 1. */
const onThePages = (page: Page) =>
  page.locator('.face.open button.photo').evaluateAll((all) => all.map((photo) => Number(/\d+/.exec(photo.getAttribute('aria-label') ?? '')?.[0])));

test.describe('a leaf', () => {
  test('follows the finger, and falls back when it is let go too early', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    const hand = await Hand.over(page);
    await hand.slide({ x: 1_000, y: 450 }, { x: 960, y: 455 });
    const little = await raised(page);
    await hand.slide({ x: 1_000, y: 450 }, { x: 860, y: 455 });
    const more = await raised(page);
    expect(little).toBeGreaterThan(0);
    expect(more).toBeGreaterThan(little);
    await page.waitForTimeout(200);
    await hand.lift();
    await lieFlat(page);
    await at(page, 1);
    expect(bridge.said('turned_to')).toEqual([]);
  });

  test('goes over when it was carried over', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    const before = await onThePages(page);
    const hand = await Hand.over(page);
    await hand.slide({ x: 1_000, y: 450 }, { x: 400, y: 440 });
    expect(Math.abs(await raised(page))).toBeGreaterThan(90);
    await hand.lift();
    await lieFlat(page);
    await at(page, 2);
    const first = Math.min(...(await onThePages(page)));
    expect(first).toBe(Math.max(...before) + 1);
    await expect.poll(() => bridge.said('turned_to').map(({ fields }) => fields)).toEqual([{ album_id: 'album-1', photo_id: `p${first - 1}` }]);
    await hand.slide({ x: 250, y: 450 }, { x: 900, y: 440 });
    await hand.lift();
    await lieFlat(page);
    expect(await onThePages(page)).toEqual(before);
  });

  test('is not there before the first page and after the last', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 2));
    await openAlbum(page, bridge);
    await expect(forward(page)).toBeHidden();
    await expect(back(page)).toBeHidden();
    const hand = await Hand.over(page);
    for (const to of [300, 1_100]) {
      await hand.slide({ x: 700, y: 450 }, { x: to, y: 450 });
      await lieFlat(page);
      await hand.lift();
    }
    await at(page, 1);
  });

  test('a drag never opens a photo, a tap that trembles and takes its time does', async ({ page, bridge }) => {
    const album = oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    const hand = await Hand.over(page);
    const box = await page.locator('button.photo').first().boundingBox();
    const middle = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
    for (const by of [{ x: -60, y: 0 }, { x: 60, y: 0 }, { x: 0, y: 60 }]) {
      await hand.slide(middle, { x: middle.x + by.x, y: middle.y + by.y });
      // A finger that rests before it is lifted flicks nothing.
      await page.waitForTimeout(200);
      await hand.lift();
      await lieFlat(page);
    }
    expect(bridge.said('show')).toEqual([]);
    await hand.slide(middle, { x: middle.x + 14, y: middle.y + 10 });
    await page.waitForTimeout(1_300);
    await hand.lift();
    await expectOn(page, bridge, album.slides[0]?.photo_id ?? '');
    await expect.poll(() => bridge.said('show').length).toBe(1);
  });

  test('is whole from its first moment, on both sides', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 300));
    await openAlbum(page, bridge);
    await page.evaluate(() => {
      const seen = { turning: 0, blank: 0 };
      Object.assign(window, { seen });
      const look = () => {
        if (document.querySelector('.face.turning')) seen.turning++;
        seen.blank += document.querySelectorAll('.face.turning .print:empty').length;
        requestAnimationFrame(look);
      };
      look();
    });
    for (let opening = 2; opening <= 7; opening++) {
      await forward(page).tap();
      await at(page, opening);
      await lieFlat(page);
    }
    const seen = await page.evaluate(() => (window as unknown as { seen: { turning: number; blank: number } }).seen);
    expect(seen.turning).toBeGreaterThan(0);
    expect(seen.blank).toBe(0);
  });

  test('the next page is turned at once when the arrow is pressed again', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 300));
    await openAlbum(page, bridge);
    for (let press = 1; press <= 3; press++) {
      await forward(page).tap();
      // While the photos of its leaf are made, no other press counts.
      await expect(page.locator('.face.turning').or(placeOf(page, press + 1)).first()).toBeAttached();
    }
    await lieFlat(page);
    await at(page, 4);
    await expect.poll(() => bridge.said('turned_to').length).toBe(3);
  });

  test('a second swipe does not wait for the first leaf', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 300));
    await openAlbum(page, bridge);
    const hand = await Hand.over(page);
    for (let swipe = 0; swipe < 3; swipe++) {
      await hand.slide({ x: 1_000, y: 450 }, { x: 500, y: 450 });
      await hand.lift();
    }
    await lieFlat(page);
    await at(page, 4);
  });

  test('keys turn, too', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    await page.keyboard.press('ArrowRight');
    await at(page, 2);
    await lieFlat(page);
    await page.keyboard.press('ArrowLeft');
    await at(page, 1);
  });

  test('another screen taking the finger away lets it fall back', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    const hand = await Hand.over(page);
    await hand.slide({ x: 1_000, y: 450 }, { x: 500, y: 450 });
    await hand.put([{ x: 500, y: 450 }, { x: 700, y: 300, id: 1 }, { x: 800, y: 300, id: 2 }]);
    await lieFlat(page);
    await at(page, 1);
    await hand.lift();
    await forward(page).tap();
    await at(page, 2);
  });
});

test('with less motion wished for, pages change without a leaf in the air', async ({ page, bridge }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  oneAlbum(bridge, photos(bridge, 60));
  await openAlbum(page, bridge);
  await page.evaluate(() => {
    Object.assign(window, { leaves: 0 });
    new MutationObserver(() => {
      if (document.querySelector('.face.turning')) (window as unknown as { leaves: number }).leaves++;
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  await forward(page).tap();
  await at(page, 2);
  const hand = await Hand.over(page);
  await hand.slide({ x: 1_000, y: 450 }, { x: 400, y: 450 });
  await hand.lift();
  await at(page, 3);
  expect(await page.evaluate(() => (window as unknown as { leaves: number }).leaves)).toBe(0);
});

test.describe('an album', () => {
  test('opens at the page that was open last', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 200), { last_open: 'p150' });
    await openAlbum(page, bridge);
    expect(await onThePages(page)).toContain(151);
    expect(bridge.said('turned_to')).toEqual([]);
  });

  test('opens at its beginning when that photo is gone', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 20), { last_open: 'no-longer-there' });
    await openAlbum(page, bridge);
    expect(await onThePages(page)).toContain(1);
  });

  test('stays at its page while photos are added and the panel is turned', async ({ page, bridge }) => {
    const album = oneAlbum(bridge, photos(bridge, 100));
    await openAlbum(page, bridge);
    await forward(page).tap();
    await at(page, 2);
    await lieFlat(page);
    const first = Math.min(...(await onThePages(page)));
    bridge.album = { ...album, slides: [slide('new', { width: 540, height: 810 }), ...album.slides, ...photos(bridge, 5, 'en', 'more')] };
    bridge.pictures.set('new', 'portrait_1.jpg');
    bridge.tell({ kind: 'albums_changed' });
    await expect.poll(() => onThePages(page)).toContain(first + 1);
    await page.setViewportSize({ width: 800, height: 1_280 });
    await expect.poll(() => page.locator('.face.open').count()).toBe(1);
    expect(await onThePages(page)).toContain(first + 1);
  });

  test('a photo taken out of it leads back to its page', async ({ page, bridge }) => {
    const album = oneAlbum(bridge, photos(bridge, 100), { last_open: 'p50' });
    bridge.albums = [...bridge.albums, { id: 'album-2', title: 'Another', cover_photo_id: null, photo_count: 0 }];
    await openShelf(page, bridge);
    await page.getByRole('button', { name: 'Jeju' }).tap();
    await quiet(page);
    await page.getByRole('button', { name: 'Show photo 51' }).tap();
    await expectOn(page, bridge, 'p50');
    bridge.album = album;
    await touchPhoto(page);
    await page.getByRole('button', { name: 'Albums', exact: true }).tap();
    await expect(page.getByRole('button', { name: 'Show photo 51' })).toBeVisible();
    await quiet(page);
    await page.getByRole('button', { name: 'Back to the photos' }).tap();
    await touchPhoto(page);
    await page.getByRole('button', { name: 'Albums', exact: true }).tap();
    await expect(page.getByRole('heading', { name: 'Albums' })).toBeVisible();
  });

  test('on a panel that stands upright shows one page, and turns it with a finger', async ({ page, bridge }) => {
    await page.setViewportSize({ width: 1_080, height: 1_920 });
    oneAlbum(bridge, photos(bridge, 60));
    await openAlbum(page, bridge);
    await expect(page.locator('.face.open')).toHaveCount(1);
    const hand = await Hand.over(page);
    await hand.slide({ x: 900, y: 900 }, { x: 200, y: 900 });
    await expect(page.locator('.face.turning')).toHaveCount(1);
    await hand.lift();
    await at(page, 2);
    await lieFlat(page);
    await hand.slide({ x: 150, y: 900 }, { x: 700, y: 900 });
    await hand.lift();
    await at(page, 1);
  });

  test('a torn photo leaves its place bare and the others whole', async ({ page, bridge }) => {
    const slides = photos(bridge, 2);
    bridge.pictures.set('p0', 'there-is-no-such-file.jpg');
    oneAlbum(bridge, slides);
    await toAlbums(page, bridge);
    await expect(page.locator('.print')).toHaveCount(2);
    await expect(page.locator('.print > *')).toHaveCount(1);
    expect(bridge.said('failed')).toEqual([]);
  });

  test('every target is as large as a thumb', async ({ page, bridge }) => {
    oneAlbum(bridge, photos(bridge, 120));
    await openAlbum(page, bridge);
    const mm = Math.hypot(1_280, 800) / (10.1 * 25.4);
    for (let opening = 2; opening < 8; opening++) {
      const small = await page.getByRole('button').evaluateAll(
        (all, least) => all.map((button) => button.getBoundingClientRect()).filter(({ width, height }) => width > 0 && Math.min(width, height) < least).length,
        20 * mm - 0.5,
      );
      expect(small).toBe(0);
      await forward(page).tap();
      await at(page, opening);
      await lieFlat(page);
    }
  });

  test('is written in handwriting that comes with the frame', async ({ page, bridge }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    oneAlbum(bridge, photos(bridge, 8, 'ko'));
    bridge.status = status({ settings: { ...status().settings, locale: 'ko' } });
    await openAlbum(page, bridge, 'ko');
    expect(await page.evaluate(() => document.fonts.check('1em "Picup Hand"', '할머니와 바닷가에서'))).toBe(true);
    expect(asked.some((url) => url.includes('nanum-pen-script-korean'))).toBe(true);
    expect(asked.filter((url) => !url.startsWith(bridge.url))).toEqual([]);
  });
});

test.describe('2,000 photos', () => {
  test('are never more in the document than lie open', async ({ page, bridge }) => {
    const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
    oneAlbum(bridge, photos(bridge, 2_000));
    await openAlbum(page, bridge);
    let most = await nodes();
    for (let opening = 2; opening <= 12; opening++) {
      await forward(page).tap();
      most = Math.max(most, await nodes());
      await at(page, opening);
      most = Math.max(most, await nodes());
    }
    expect(most).toBeLessThan(400);
  });

  test('a turn, measured and told, never judged', async ({ page, bridge }) => {
    for (const size of [{ width: 1_280, height: 800 }, { width: 1_920, height: 1_080 }]) {
      await page.setViewportSize(size);
      oneAlbum(bridge, photos(bridge, 2_000));
      await openAlbum(page, bridge);
      await page.waitForTimeout(800);
      const frames = page.evaluate(
        () =>
          new Promise<number[]>((measured) => {
            const at: number[] = [];
            const look = (now: number) => {
              if (document.querySelector('.face.turning')) at.push(now);
              else if (at.length > 1) return measured(at);
              requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          }),
      );
      await forward(page).tap();
      const times = await frames;
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      console.log(`a page turn at ${size.width}x${size.height}: ${(1000 / mean).toFixed(1)} frames/s, longest frame ${Math.max(...gaps).toFixed(0)} ms`);
    }
  });
});

test.describe('the shelf', () => {
  test('of 500 albums has only what is seen in the document, and arrows that move it', async ({ page, bridge }) => {
    shelfOf(bridge, 500);
    await openShelf(page, bridge);
    const covers = () => page.locator('.album').count();
    expect(await covers()).toBeLessThanOrEqual(20);
    const down = page.getByRole('button', { name: 'Shelves below' });
    await expect(page.getByRole('button', { name: 'Shelves above' })).toBeHidden();
    await down.tap();
    await expect(page.getByText(/^2 \//)).toBeVisible();
    await quiet(page);
    expect(await covers()).toBeLessThanOrEqual(24);
    await page.getByRole('button', { name: 'Shelves above' }).tap();
    await expect(page.getByText(/^1 \//)).toBeVisible();
    await page.evaluate(() => document.querySelector('.wall')?.scrollTo(0, 1e9));
    await expect(down).toBeHidden();
    await expect(page.getByText('Making kimchi 500')).toBeVisible();
    expect(await covers()).toBeLessThanOrEqual(24);
  });

  test('moves under a finger, which opens nothing by that', async ({ page, bridge }) => {
    shelfOf(bridge, 500);
    await openShelf(page, bridge);
    const hand = await Hand.over(page);
    await hand.slide({ x: 300, y: 600 }, { x: 310, y: 250 });
    await hand.lift();
    await expect.poll(() => page.locator('.wall').evaluate((wall) => wall.scrollTop)).toBeGreaterThan(200);
    expect(bridge.said('open_album')).toEqual([]);
    await expect(page.getByRole('button', { name: 'Back to the photos' })).toBeVisible();
  });

  test('shows where the album stands that one comes from', async ({ page, bridge }) => {
    shelfOf(bridge, 500);
    bridge.album = { id: 'shelf-302', title: 'Grandmother’s birthday 303', slides: photos(bridge, 5), last_open: null };
    await openShelf(page, bridge);
    await page.evaluate(() => {
      const wall = document.querySelector('.wall');
      wall?.scrollTo(0, (wall.scrollHeight * 302) / 500 - wall.clientHeight / 2);
    });
    await page.getByRole('button', { name: 'Grandmother’s birthday 303' }).tap();
    await quiet(page);
    await page.getByRole('button', { name: 'All albums' }).tap();
    await expect(page.getByRole('button', { name: 'Grandmother’s birthday 303' })).toBeInViewport();
  });

  test('two albums with one cover both show it', async ({ page, bridge }) => {
    bridge.albums = ['a', 'b'].map((id) => ({ id, title: id, cover_photo_id: 'landscape', photo_count: 1 }));
    await openShelf(page, bridge);
    await expect(page.locator('.print > *')).toHaveCount(2);
  });

  test('a double tap on the way to it opens no album', async ({ page, bridge }) => {
    shelfOf(bridge, 12);
    await toAlbums(page, bridge);
    await page.getByRole('button', { name: 'Back to the photos' }).tap();
    await expect(page.locator('.over')).toHaveCount(0);
    await touchPhoto(page);
    // Whoever taps has seen the buttons come.
    await rest(page);
    const box = await page.getByRole('navigation').getByRole('button', { name: 'Albums', exact: true }).boundingBox();
    await (await Hand.over(page)).tapTwice({ x: (box?.x ?? 0) + 60, y: (box?.y ?? 0) + 50 });
    await page.waitForTimeout(600);
    expect(bridge.said('open_album')).toEqual([]);
    await expect(page.getByRole('heading', { name: 'Albums' })).toBeVisible();
  });
});
