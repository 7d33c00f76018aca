// The bounds of a spoken comment: how long, how large, in which form.
//
// Pure: times are arguments, in milliseconds of a clock that only goes forward.

export const MOST_SECONDS = 60;
/** What the server takes of one voice. */
export const MOST_BYTES = 1_048_576;
/** A minute of it is a third of what the server takes. */
export const BITS_PER_SECOND = 48_000;

/** The best first; the frame plays each. */
const FORMS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** The form this browser can record; undefined: none that a frame can play. */
export function formFor(canRecord: (form: string) => boolean): string | undefined {
  return FORMS.find(canRecord);
}

/** `audio/webm;codecs=opus` is sent as `audio/webm`. */
export function mediaTypeOf(form: string): string {
  return form.split(';')[0]?.trim() ?? form;
}

/** Whole seconds left; the last one is over at 0. */
export function secondsLeft(startedAt: number, now: number): number {
  return Math.max(0, Math.ceil(MOST_SECONDS - (now - startedAt) / 1000));
}

/** `0:07`, `1:00`. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function fits(bytes: number): boolean {
  return bytes > 0 && bytes <= MOST_BYTES;
}
