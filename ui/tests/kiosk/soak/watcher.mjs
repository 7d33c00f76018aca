// Looks at the panel twice a second, asks the engine what should be on it, and writes down every disagreement.
//
// Rule: the panel is judged by its own pixels. The engine is believed about two things only: which photo it says is on,
// and that it sleeps, which must agree with the hours the children chose.
import { join } from 'node:path';
import { kept, pause } from '../home.mjs';
import { NIGHT } from './home.mjs';
import { Spells } from './spells.mjs';
import { inZone } from './clock.mjs';

const LOOK = 500;
const MEMORY = 5_000;
/** A picture is back so soon after a process was killed. */
const BACK = 15_000;
/** Two looks and a fade: what is shorter is the change from one picture to the next. */
const MOMENT = 2_500;
/** A slow fade, or two in a row; software painting takes its time. */
const FADE = 3_000;
/** The page may paint the next photo before the engine is told, and the other way round. */
const BEHIND = 8_000;
/** What was on leaves the panel so soon after the frame has heard that it may not be shown. */
const LEAVING = 5_000;
/** So long after a change on a good line the frame has heard of it. */
const HEARING = 15_000;
/** The schedule is looked at every three seconds here; see `clock.mjs`. */
const NOTICING = 12_000;
const WAKING = 1_500;
/** Looks this far apart prove nothing about the time between. */
const AWAY = 4_000;
const BANDS = 3;

export class Watcher {
  #panel;
  #frame;
  #home;
  #clock;
  #journal;
  #running;
  #stopped = false;
  #ears = new AbortController();
  #killedAt = -Infinity;
  #screensUntil = 0;
  #lastNight = -Infinity;
  #awakeSince = 0;
  #recent = [];
  #pairingSince = null;
  #inTouchSince = null;
  #pictures = 0;
  #lookedAt = Date.now();
  /** Milliseconds nobody looked. */
  heldUp = 0;
  /** How often the frame fell asleep. */
  slept = 0;
  status = null;
  spells;
  /** A child has sent the frame to sleep. */
  sent = false;
  /** Until it was read; one that comes in the night is told when the frame wakes. */
  letterLies = false;
  shows = false;
  looks = 0;
  shown = 0;
  memory = [];

  constructor({ panel, frame, home, clock, journal }) {
    [this.#panel, this.#frame, this.#home, this.#clock, this.#journal] = [panel, frame, home, clock, journal];
    const soon = (milliseconds) => (from) => Math.max(from + milliseconds, this.#killedAt + BACK);
    this.spells = {
      none: new Spells('no picture', soon(3_000)),
      banned: new Spells('a photo that was hidden or deleted', (from) => from),
      forgotten: new Spells('a photo of a family the frame was removed from', (from) => from),
      torn: new Spells('a photo of which a part is missing', soon(MOMENT)),
      unknown: new Spells('a picture nobody knows', soon(FADE)),
      other: new Spells('another photo than the engine has said for eight seconds', soon(MOMENT)),
    };
  }

  start() {
    this.#lookedAt = Date.now();
    this.#running = Promise.all([this.#watch(), this.#weigh(), this.#listen()]);
  }

  async stop() {
    this.#stopped = true;
    this.#ears.abort();
    await this.#running;
  }

  killed() {
    this.#killedAt = Date.now();
  }

  /** Something lies over the photo, or an album is open, for so long at most. */
  expectScreens(milliseconds) {
    this.#screensUntil = Math.max(this.#screensUntil, Date.now() + milliseconds);
  }

  screensAreGone() {
    this.#screensUntil = Date.now() + MOMENT;
  }

  async #watch() {
    while (!this.#stopped) {
      const began = Date.now();
      const status = await this.#ask();
      const { bands, seen } = await this.#panel.look();
      const at = Date.now();
      this.#resume(at);
      this.#note(status, at);
      if (this.#judge(at, bands, seen)) await this.#keepPicture();
      this.looks++;
      await pause(Math.max(50, LOOK - (Date.now() - began)));
    }
  }

  /** The machine did something else, such as stopping us: what was to be done meanwhile has its time anew. */
  #resume(at) {
    const away = at - this.#lookedAt;
    this.#lookedAt = at;
    if (away < AWAY) return;
    this.heldUp += away;
    this.#journal.say(`nobody looked for ${(away / 1000).toFixed(1)} s`);
    Object.values(this.spells).forEach((spells) => spells.interrupt());
    [this.#awakeSince, this.#lastNight, this.#inTouchSince, this.#recent] = [at, at, null, []];
    if (at - away - this.#killedAt < BACK) this.#killedAt = at;
  }

  /** What a fault looked like, a moment later. */
  async #keepPicture() {
    const file = join(kept, `soak-fault-${++this.#pictures}.png`);
    await this.#panel.photograph(file);
    this.#journal.say(`seen: ${file}`);
  }

  async #ask() {
    const answer = fetch(`http://${this.#home.bridge}/api/status`, { method: 'POST', body: '{}', signal: AbortSignal.timeout(1_500) });
    return answer.then((it) => it.json()).catch(() => null);
  }

  #note(status, at) {
    if (this.#isNight()) this.#lastNight = at;
    if (!status) return;
    if (this.status?.asleep && !status.asleep) this.#awakeSince = at;
    if (this.status && !this.status.asleep && status.asleep) this.slept++;
    this.status = status;
    this.#pairingSince = status.state === 'pairing' ? (this.#pairingSince ?? at) : null;
    if (status.state === 'showing' && this.#home.inFamily) this.shows = true;
    if (status.now_showing) this.#recent.push({ at, id: status.now_showing });
    this.#recent = this.#recent.filter((one) => at - one.at < BEHIND);
    this.#hear(status, at);
  }

  #isNight() {
    const hour = Number(inZone(this.#clock.now, { hour: '2-digit' }));
    return hour >= NIGHT.from || hour < NIGHT.until;
  }

  /** A frame that has been in touch for a while knows what was hidden and deleted before. */
  #hear(status, at) {
    const inTouch = status.sync.online && !this.#home.diskFull && !this.#home.serverAway && this.#home.line.goodFor > HEARING;
    this.#inTouchSince = inTouch ? (this.#inTouchSince ?? at) : null;
    if (this.#inTouchSince === null) return;
    for (const { ban } of this.#home.photos.all) {
      if (ban && at - Math.max(ban.at, this.#inTouchSince) > HEARING) ban.heard ??= at;
    }
  }

  /** Whether the engine has a reason for a dark panel. */
  #mayBeDark(at) {
    return Boolean(this.status?.asleep) && (this.sent || at - this.#lastNight < NOTICING);
  }

  #judge(at, bands, seen) {
    const { none, banned, forgotten, torn, unknown, other } = this.spells;
    const numbers = [...new Set(bands.map(({ number }) => number))];
    const why = () => ({ seen: numbers.length > 0 ? `photo ${numbers.join(', ')}` : seen, cause: this.#journal.lately(at), time: this.#clock.words });
    const screens = at < this.#screensUntil || this.letterLies;
    const asleep = Boolean(this.status?.asleep);
    const should = this.shows && !this.#mayBeDark(at) && (asleep || at - this.#awakeSince > WAKING);
    const alone = should && !asleep && !screens;
    const isPicture = seen === 'photo' || seen === 'picture' || (screens && seen === 'words');
    if (seen === 'photo') this.shown++;
    const found = [
      none.look(at, should && !isPicture, why),
      banned.look(at, numbers.some((number) => this.#isBanned(number, at)), why),
      forgotten.look(at, this.#pairingSince !== null && at - this.#pairingSince > LEAVING && numbers.length > 0, why),
      torn.look(at, alone && seen === 'photo' && !isWhole(bands), why),
      unknown.look(at, alone && seen === 'picture', why),
      // In a fade there is nothing to compare, and nothing has become better.
      (seen === 'photo' || !alone) && other.look(at, alone && this.#isAnother(numbers), why),
    ];
    return found.includes(true);
  }

  #isBanned(number, at) {
    const heard = this.#home.photos.all[number]?.ban?.heard;
    return heard !== undefined && at - heard > LEAVING;
  }

  #isAnother(numbers) {
    const known = this.#home.photos.all;
    const said = this.#recent.map(({ id }) => known.find((photo) => photo.id === id));
    if (said.length === 0 || said.includes(undefined)) return false;
    return !said.some(({ number }) => numbers.includes(number));
  }

  async #weigh() {
    while (!this.#stopped) {
      const memory = await this.#frame.memory().catch(() => null);
      if (memory?.complete) this.memory.push(memory);
      for (let waited = 0; waited < MEMORY && !this.#stopped; waited += LOOK) await pause(LOOK);
    }
  }

  async #listen() {
    while (!this.#stopped) {
      await this.#hearOut().catch(() => undefined);
      await pause(LOOK);
    }
  }

  async #hearOut() {
    const answer = await fetch(`http://${this.#home.bridge}/api/events`, { signal: this.#ears.signal });
    let text = '';
    for await (const bytes of answer.body) {
      text += Buffer.from(bytes).toString();
      const messages = text.split('\n\n');
      text = messages.pop();
      for (const message of messages) this.#heard(message);
    }
  }

  #heard(message) {
    if (!message.startsWith('data:')) return;
    const { kind } = JSON.parse(message.slice(5));
    if (kind === 'message') this.letterLies = true;
  }
}

/** One photo, with all of its bands one below the other. */
function isWhole(bands) {
  const [first] = bands;
  const belongs = ({ number, x, cell }) => number === first.number && Math.abs(x - first.x) <= cell && Math.abs(cell - first.cell) <= 2;
  return bands.length === BANDS && bands.every(belongs);
}
