// What is on the frame's screen, and what happens when someone touches it or the engine speaks.
//
// Rule: a command that fails changes nothing a person sees; the picture that is on stays on.
import type { OpenAlbum, ScreenEvent, ScreenSettings, ScreenStatus, ShelfAlbum, Slide } from '$lib/api/gen/types';
import { setLocale } from '$lib/i18n.svelte';
import type { Engine } from './engine';
import { FadeQueue, type Picture } from './fade';
import { decodePhoto } from './pictures';
import { Countdown } from './countdown';
import { photoOf, withChanged, type Half } from './halves';
import { Hiding } from './hiding.svelte';
import { Night } from './night.svelte';
import { Sounding } from './sounding.svelte';
import { Wall } from './wall.svelte';

export const BUTTONS_MS = 10_000;
export const BANNER_MS = 9_000;
export const HEART_MS = 2_200;
/** A shelf or an album nobody touches gives the screen back to the photos. */
export const IDLE_MS = 90_000;
/** Events are hints; this is the truth, and the sign of life the kiosk watches. */
export const PULSE_MS = 5_000;
const EMPTY_MS = 8_000;
const PATIENCE_MS = 15_000;

/** Until the engine has told what was chosen: a picture may come before its status. */
export const UNTOLD: ScreenSettings = { seconds_per_photo: 10, fill: 'blur', locale: 'ko', motion: false, clock: false, larger_text: false };

export type Place = 'photos' | 'shelf' | 'album';
export type OnScreen = Picture<HTMLImageElement>;

export class Screen {
  status = $state.raw<ScreenStatus | null>(null);
  picture = $state.raw<OnScreen | null>(null);
  place = $state<Place>('photos');
  shelf = $state.raw<ShelfAlbum[] | null>(null);
  album = $state.raw<OpenAlbum | null>(null);
  albumAway = $state(false);
  /** The album that was open last: the shelf shows where it stands. */
  lastAlbum = $state<string | null>(null);
  /** A photo of it was taken out to be seen large: the way to the albums leads back to its page. */
  #outOfAlbum = false;
  buttons = $state(false);
  paused = $state(false);
  arrived = $state.raw<{ count: number; slide: Slide } | null>(null);
  messages = $state.raw<string[]>([]);
  heart = $state.raw<{ on: boolean } | null>(null);
  /** Whether the engine itself can be heard; without it the screen keeps its picture. */
  connected = $state(true);
  /** Which of a pair the buttons act on. */
  half = $state<Half>('first');

  readonly engine: Engine;
  readonly hiding: Hiding;
  readonly night = new Night();
  readonly sounding = new Sounding();
  readonly wall = new Wall();
  /** The touch that woke the frame does nothing else. */
  #waking = false;
  readonly #fade: FadeQueue<HTMLImageElement>;
  readonly #buttonsGo = new Countdown(BUTTONS_MS, () => (this.buttons = false));
  readonly #bannerGoes = new Countdown(BANNER_MS, () => (this.arrived = null));
  readonly #heartGoes = new Countdown(HEART_MS, () => (this.heart = null));
  readonly #leaveShelf = new Countdown(IDLE_MS, () => this.toPhotos());

  /** Between two photos the engine may have none for a moment; that is no reason to take one away. */
  readonly #emptied = new Countdown(EMPTY_MS, () => this.#clear());

  constructor(engine: Engine) {
    this.engine = engine;
    this.hiding = new Hiding(engine);
    this.#fade = new FadeQueue({
      load: (slide) => decodePhoto(engine.photoUrl(slide.photo_id)),
      show: (picture) => this.#put(picture),
      failed: (slide) => this.#tell(engine.send('failed', { photo_id: slide.photo_id })),
      patience: PATIENCE_MS,
    });
  }

  /** Begins to listen; returns how to stop. */
  start(): () => void {
    const stop = this.engine.listen(
      (event) => this.#hear(event),
      (connected) => {
        this.connected = connected;
        if (connected) this.#catchUp();
      },
    );
    this.#catchUp();
    const pulse = setInterval(() => this.#catchUp(), PULSE_MS);
    return () => {
      clearInterval(pulse);
      stop();
    };
  }

  /** What the buttons act on. */
  get chosen(): Slide | null {
    return this.picture && photoOf(this.picture.slide, this.half);
  }

  /** The picture is painted; of a pair both are told, the one the engine asked for last. */
  painted(slide: Slide): void {
    const tell = ({ photo_id }: Slide) => this.engine.send('shown', { photo_id });
    const beside = slide.beside ? tell(slide.beside).catch(() => null) : Promise.resolve(null);
    // One after the other: what is heard last is what is on.
    this.#tell(beside.then(() => tell(slide)));
  }

  sized(width: number, height: number): void {
    this.#tell(this.engine.send('panel', { width, height }));
  }

  /** A touch on the photo: the buttons come, or go. On the other of a pair they stay, and act on that one. */
  touched(half: Half = 'first'): void {
    const other = half !== this.half && Boolean(this.picture?.slide.beside);
    this.half = half;
    if (this.buttons && !other) return this.#hideButtons();
    this.buttons = true;
    this.#buttonsGo.start();
    this.#letStay();
  }

  /** A finger came down anywhere. It wakes a dark screen; elsewhere it keeps what is open from closing by itself. */
  stirred(): void {
    this.#waking = this.night.asleep;
    if (this.#waking) return this.#wake();
    if (this.buttons) this.#buttonsGo.start();
    if (this.place !== 'photos') this.#leaveShelf.start();
  }

  /** Whether the finger that came down last is not to press anything. */
  get isWaking(): boolean {
    return this.#waking;
  }

  next(): void {
    this.#tell(this.engine.send('next').then((slide) => this.#show(slide)));
  }

  previous(): void {
    this.#tell(this.engine.send('previous').then((slide) => this.#show(slide)));
  }

  togglePause(): void {
    const paused = !this.paused;
    this.#tell(this.engine.send(paused ? 'pause' : 'resume').then(() => (this.paused = paused)));
  }

  toggleHeart(): void {
    const slide = this.chosen;
    if (!slide) return;
    const on = !slide.hearted;
    this.heart = { on };
    this.#heartGoes.start();
    this.#tell(this.engine.send('heart', { photo_id: slide.photo_id, on }).then((hearted) => this.#refresh(hearted)));
  }

  hide(): void {
    this.#take((photo) => this.hiding.hide(photo));
  }

  askToDelete(): void {
    this.#take((photo) => this.hiding.askToDelete(photo));
  }

  undoHide(): void {
    this.#tell(this.hiding.undo().then((photo) => this.#show(photo)));
  }

  /** To the page one came from, to the only album there is, or to all of them. */
  openAlbums(): void {
    if (this.#outOfAlbum && this.lastAlbum) return this.openAlbum(this.lastAlbum);
    this.openShelf(([only, another]) => {
      if (only && !another && this.place === 'shelf') this.openAlbum(only.id);
    });
  }

  openShelf(then: (albums: ShelfAlbum[]) => void = () => undefined): void {
    this.place = 'shelf';
    this.album = null;
    this.#hideButtons();
    this.#leaveShelf.start();
    this.#tell(this.engine.send('albums').then((albums) => then((this.shelf = albums))));
  }

  openAlbum(albumId: string): void {
    this.place = 'album';
    this.album = null;
    this.albumAway = false;
    this.lastAlbum = albumId;
    this.#hideButtons();
    this.#leaveShelf.start();
    this.engine.send('open_album', { album_id: albumId }).then(
      (album) => (this.album = album),
      () => (this.albumAway = true),
    );
  }

  /** The page of the open album that begins with this photo was turned to. */
  turnedTo(photoId: string): void {
    if (this.album) this.#tell(this.engine.send('turned_to', { album_id: this.album.id, photo_id: photoId }));
  }

  showPhoto(slide: Slide): void {
    this.toPhotos();
    this.#outOfAlbum = true;
    this.#show(slide);
    this.#tell(this.engine.send('show', { photo_id: slide.photo_id }));
  }

  toPhotos(): void {
    this.place = 'photos';
    this.#outOfAlbum = false;
    this.#leaveShelf.stop();
  }

  messageRead(): void {
    this.messages = this.messages.slice(1);
  }

  #hear(event: ScreenEvent): void {
    switch (event.kind) {
      case 'status':
        return this.#took(event.status);
      case 'slide':
        this.paused = event.paused;
        return this.#show(event.slide);
      case 'arrived':
        this.arrived = { count: event.count + (this.arrived?.count ?? 0), slide: event.slide };
        return this.#bannerGoes.start();
      case 'message':
        this.messages = [...this.messages, event.text];
        return;
      case 'albums_changed':
        return this.#albumsChanged();
    }
  }

  #albumsChanged(): void {
    if (this.place !== 'photos') this.#tell(this.engine.send('albums').then((albums) => (this.shelf = albums)));
    const open = this.album?.id;
    if (open === undefined || this.place !== 'album') return;
    this.#tell(
      this.engine.send('open_album', { album_id: open }).then((album) => {
        if (this.album?.id === open) this.album = album;
      }),
    );
  }

  #took(status: ScreenStatus): void {
    this.status = status;
    this.paused = status.paused;
    setLocale(status.settings.locale);
    this.#tookNight(status.asleep);
    if (status.state === 'pairing') this.#forget();
    if (status.state === 'empty' && this.picture) this.#emptied.startOnce();
    else if (status.state !== 'empty') this.#emptied.stop();
  }

  #tookNight(asleep: boolean): void {
    const was = this.night.asleep;
    this.night.took(asleep);
    if (was === this.night.asleep) return;
    if (was) this.#rise();
    else this.#lieDown();
  }

  #wake(): void {
    this.night.wake();
    this.#tell(this.engine.send('touched'));
    this.#rise();
  }

  /** What went by in the dark was not decoded; the picture of now is asked for. */
  #rise(): void {
    this.#tell(this.engine.send('current').then((slide) => this.#show(slide)));
  }

  #lieDown(): void {
    this.sounding.stop();
    this.#hideButtons();
    this.toPhotos();
  }

  /** The last photo was taken away. */
  #clear(): void {
    this.#fade.clear();
    this.sounding.stop();
    this.picture = null;
    this.#hideButtons();
  }

  /** A revoked frame shows nothing of the family it was in. */
  #forget(): void {
    this.#clear();
    this.toPhotos();
    this.album = this.shelf = this.arrived = this.lastAlbum = null;
    this.hiding.forget();
    this.messages = [];
  }

  /** A voice is heard to its end. */
  listen(commentId: string): void {
    this.sounding.toggleVoice(commentId);
    this.#letStay();
  }

  /** What is listened to, or has its buttons up, is not taken from under the hand. */
  #letStay(): void {
    const photo = this.picture?.slide;
    if (photo && (this.buttons || this.sounding.voice !== null)) this.#tell(this.engine.send('stay', { photo_id: photo.photo_id }));
  }

  #catchUp(): void {
    this.wall.tick(Date.now(), performance.now());
    this.#letStay();
    this.#tell(
      this.engine.send('status').then(async (status) => {
        this.#took(status);
        if (status.state !== 'showing' || !this.#fade.isEmpty) return;
        const current = await this.engine.send('current');
        // Another may have come meanwhile.
        if (this.#fade.isEmpty) this.#show(current);
      }),
    );
  }

  #show(slide: Slide | null): void {
    if (slide && !this.night.asleep) void this.#fade.show(slide);
  }

  #refresh(changed: Slide): void {
    this.#fade.refresh((slide) => withChanged(slide, changed));
  }

  /** The chosen photo leaves the slideshow; the notice says how. */
  #take(away: (photo: Slide) => Promise<void>): void {
    const photo = this.chosen;
    if (!photo) return;
    this.#hideButtons();
    this.#tell(away(photo));
  }

  /** A sound belongs to its picture, and so does the choice of a half. */
  #put(picture: OnScreen): void {
    if (picture.key !== this.picture?.key) {
      this.sounding.stop();
      this.half = 'first';
    }
    this.picture = picture;
    this.#letStay();
  }

  #hideButtons(): void {
    this.buttons = false;
    this.#buttonsGo.stop();
  }

  /** A command's failure is the engine's to log; the screen goes on as it was. */
  #tell(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }
}
