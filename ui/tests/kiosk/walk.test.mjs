// What a parent can do, done with a finger: no more than two touches from the photos to anything, and a way back from
// everything that is seen on the screen.
//
// Rule: the finger knows places on the panel only; what came of a touch is asked of the engine and the server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DrivenKiosk } from './driver.mjs';
import { Home, eventually, kept, pause } from './home.mjs';
import { TouchPanel } from './touchscreen.mjs';

const WORDS = {
  next: '다음', previous: '이전', heart: '하트', unheart: '하트 취소', pause: '멈춤', play: '계속', hide: '사진 숨기기', undo: '되돌리기',
  ask: '지우기 부탁', albums: '앨범', back: '사진으로 돌아가기', read: '잘 읽었어요', listen: '들어 보기', soundOn: '소리 켜기', soundOff: '소리 끄기',
};
const TITLE = '제주 여행';
const PHOTOS = ['landscape_1.jpg', 'landscape_3.jpg', 'gps.jpg'];
/** A button appears, and is not pressed by the touch that brought it: as long as a person needs to find it. */
const LOOKING = 500;

describe('a parent in front of the frame', { timeout: 400_000 }, () => {
  let panel;
  let home;
  let kiosk;
  let touches = 0;

  before(async () => {
    panel = await TouchPanel.plugIn();
    home = await Home.build();
    kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
    await home.pairFrame();
    for (const photo of PHOTOS) await home.drop(photo);
    await eventually('every photo is here', 90_000, async () => (await home.engine('status')).sync.photos_cached === PHOTOS.length);
    await everyPhotoOnce();
    await home.setFrame({ locale: 'ko', seconds_per_photo: 3600 });
    await eventually('the language', 20_000, async () => (await home.engine('status')).settings.locale === 'ko');
    await quiet();
  });

  after(async () => {
    await kiosk?.stop();
    await home?.leave();
    await panel?.unplug();
  });

  const current = () => home.engine('current');

  /** New photos come on by themselves, one after another, and would in the middle of a test. */
  async function everyPhotoOnce() {
    const seen = new Set();
    await eventually('every photo was on', 30_000, async () => {
      const on = await current();
      for (const photo of [on, on?.beside]) if (photo) seen.add(photo.photo_id);
      return seen.size === PHOTOS.length;
    });
  }

  const status = () => home.engine('status');

  /** The middle of the control with these words, as a person sees where it is; null while it is not there. */
  const place = (words) =>
    kiosk.inPage(
      `const named = (node) => (node.getAttribute('aria-label') ?? node.innerText ?? '').trim();
       const control = [...document.querySelectorAll('button')].find((node) => named(node).startsWith(arguments[0]) && !node.closest('[inert]') && getComputedStyle(node).visibility === 'visible');
       const box = control?.getBoundingClientRect();
       return box ? [box.x + box.width / 2, box.y + Math.min(box.height / 2, 40), box.width, box.height] : null;`,
      words,
    );

  async function touch(x, y) {
    touches++;
    await panel.tap(x, y);
    await pause(LOOKING);
  }

  async function touchControl(words) {
    const [x, y] = await eventually(words, 5_000, () => place(words));
    await pause(LOOKING);
    await touch(x, y);
  }

  const touchPhoto = () => touch(panel.width * 0.4, panel.height * 0.35);

  /** Nothing but a photo is on the panel. */
  async function quiet() {
    await eventually('the photos alone', 20_000, () =>
      kiosk.inPage("return document.querySelectorAll('.large, .page, [role=dialog]').length === 0 && document.querySelector('img.photo') !== null"),
    );
    await pause(LOOKING);
    touches = 0;
  }

  /** From the photos, in `most` touches. */
  async function within(most, walk) {
    await quiet();
    await walk();
    assert.ok(touches <= most, `${touches} touches, ${most} are allowed`);
  }

  test('turns to the next photo and back', async () => {
    const first = await current();
    await within(2, async () => {
      await touchPhoto();
      await touchControl(WORDS.next);
    });
    await eventually('another photo', 10_000, async () => (await current()).photo_id !== first.photo_id);
    await touchControl(WORDS.previous);
    await eventually('the first again', 10_000, async () => (await current()).photo_id === first.photo_id);
    await touchPhoto();
  });

  test('gives a heart, and takes it back with the same button', async () => {
    await within(2, async () => {
      await touchPhoto();
      await touchControl(WORDS.heart);
    });
    await eventually('it is given', 10_000, async () => (await current()).hearted);
    await touchControl(WORDS.unheart);
    await eventually('it is taken back', 10_000, async () => !(await current()).hearted);
    await touchPhoto();
  });

  test('holds the photos still, and lets them go on', async () => {
    await within(2, async () => {
      await touchPhoto();
      await touchControl(WORDS.pause);
    });
    await eventually('it is still', 5_000, () => kiosk.inPage("return document.body.innerText.includes('멈춰 있어요')"));
    await touchControl(WORDS.play);
    await eventually('it goes on', 5_000, () => kiosk.inPage("return !document.body.innerText.includes('멈춰 있어요')"));
    await touchPhoto();
  });

  test('hides a photo, and takes it back', async () => {
    const { photo_id } = await current();
    await within(2, async () => {
      await touchPhoto();
      await touchControl(WORDS.hide);
    });
    await eventually('it is hidden', 10_000, async () => (await status()).sync.photos_cached === PHOTOS.length - 1);
    await eventually('on the server too', 20_000, async () => (await home.ask('GET', `/v1/photos/${photo_id}`)).hidden);
    await panel.photograph(join(kept, 'walk-hidden.png'));
    await touchControl(WORDS.undo);
    await eventually('it is back', 10_000, async () => (await current())?.photo_id === photo_id);
  });

  test('asks the children to delete a photo, and takes that back', async () => {
    const { photo_id } = await current();
    await within(2, async () => {
      await touchPhoto();
      await touchControl(WORDS.ask);
    });
    await panel.photograph(join(kept, 'walk-asked.png'));
    await eventually('the children are asked', 20_000, async () => (await home.ask('GET', `/v1/photos/${photo_id}`)).removal_proposed);
    await touchControl(WORDS.undo);
    await eventually('it is back', 10_000, async () => (await current())?.photo_id === photo_id);
    await eventually('the children are not asked any more', 20_000, async () => {
      const { hidden, removal_proposed } = await home.ask('GET', `/v1/photos/${photo_id}`);
      return !hidden && !removal_proposed;
    });
  });

  test('opens an album, shows a photo of it, and comes back', async () => {
    const { photo_id } = await current();
    const album = await home.ask('POST', `/v1/families/${home.family}/albums`, { title: TITLE });
    await home.ask('POST', `/v1/albums/${album.id}/photos`, { photo_ids: [photo_id] });
    await home.ask('POST', `/v1/families/${home.family}/albums`, { title: '빈 앨범' });
    const known = async () => (await home.engine('albums')).some(({ title, photo_count }) => title === TITLE && photo_count === 1);
    await eventually('the album is on the shelf', 20_000, known);
    await within(2, async () => {
      await touchControl(WORDS.albums);
      if (!(await place('1번째 사진 보기'))) await touchControl(TITLE);
    });
    await eventually('the open album', 5_000, () => place('1번째 사진 보기'));
    await panel.photograph(join(kept, 'walk-album.png'));
    await touchControl(WORDS.back);
    await quiet();
  });

  test('reads what a child says, and puts the letter away', async () => {
    const [frame] = (await home.ask('GET', `/v1/families/${home.family}/frames`)).items;
    await home.ask('POST', `/v1/families/${home.family}/frames/${frame.id}/commands`, { action: { kind: 'message', text: '엄마, 주말에 갈게요' } });
    await eventually('the letter', 20_000, () => place(WORDS.read));
    touches = 0;
    await touchControl(WORDS.read);
    assert.equal(touches, 1);
    await quiet();
  });

  test('listens to what a child has spoken', async () => {
    const { photo_id } = await current();
    const body = await readFile(join(import.meta.dirname, '../../../crates/testkit/fixtures/voice.ogg'));
    const headers = { authorization: `Bearer ${home.token}`, 'content-type': 'audio/ogg' };
    const said = await fetch(`${home.url}/v1/photos/${photo_id}/comments/voice`, { method: 'POST', headers, body });
    assert.equal(said.status, 201);
    await eventually('the voice under the photo', 30_000, () => place(WORDS.listen));
    await quiet();
    await kiosk.inPage("window.heard = []; addEventListener('play', ({ target }) => window.heard.push(target.tagName), { capture: true });");
    await touchControl(WORDS.listen);
    assert.equal(touches, 1);
    await eventually('the voice', 5_000, () => kiosk.inPage("return window.heard.includes('AUDIO')"));
    await eventually('its end', 30_000, () => place(WORDS.listen));
  });

  test('turns a video’s sound on and off', async () => {
    await home.drop('video.mp4');
    await eventually('a moving picture', 60_000, () => kiosk.inPage("return document.querySelector('video.playing') !== null"));
    touches = 0;
    await touchControl(WORDS.soundOn);
    assert.equal(touches, 1);
    await eventually('it is heard', 5_000, () => kiosk.inPage("return !document.querySelector('video').muted"));
    await touchControl(WORDS.soundOff);
    await eventually('it is silent', 5_000, () => kiosk.inPage("return document.querySelector('video').muted"));
  });

  test('wakes the frame at night, and the touch presses nothing', async () => {
    const [frame] = (await home.ask('GET', `/v1/families/${home.family}/frames`)).items;
    await home.ask('POST', `/v1/families/${home.family}/frames/${frame.id}/commands`, { action: { kind: 'sleep' } });
    await eventually('the frame sleeps', 20_000, async () => (await status()).asleep);
    await eventually('the panel is dark', 10_000, async () => (await panel.colours(join(kept, 'walk-asleep.png'))) < 10);
    await touch(panel.width * 0.4, panel.height * 0.35);
    await eventually('it wakes', 10_000, async () => !(await status()).asleep);
    await eventually('a photo is on the panel', 15_000, async () => (await panel.colours(join(kept, 'walk-awake.png'))) > 5_000);
    assert.equal(await kiosk.inPage("return document.querySelectorAll('.large').length"), 0, 'nothing was pressed');
  });

  test('every control is as large as a thumb', async () => {
    await quiet();
    await touchPhoto();
    await eventually('the buttons', 5_000, () => place(WORDS.next));
    const sizes = await kiosk.inPage(
      `const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'));
       return [...document.querySelectorAll('button')].map((node) => node.getBoundingClientRect()).filter((box) => box.width > 0).map((box) => [box.width / mm, box.height / mm]);`,
    );
    assert.ok(sizes.length >= 7);
    for (const [width, height] of sizes) assert.ok(width >= 19.9 && height >= 19.9, `${width.toFixed(1)} x ${height.toFixed(1)} mm`);
  });
});
