// Records a voice with the browser's own recorder, for a minute at most.
//
// The microphone is held only while it records: it is let go on stop, on failure, and when the page part goes.
import { BITS_PER_SECOND, fits, formFor, mediaTypeOf, MOST_SECONDS, secondsLeft } from './limits';

export type RecorderState = 'idle' | 'asking' | 'recording' | 'recorded';
export type RecorderFault = 'refused' | 'missing' | 'unsupported' | 'tooLarge' | 'empty';

export interface Recording {
  bytes: Blob;
  mediaType: string;
  /** Whole seconds, by our own clock: a recorder's file does not tell its length. */
  seconds: number;
}

const TICK_MS = 200;

export class VoiceRecorder {
  state = $state<RecorderState>('idle');
  fault = $state<RecorderFault>();
  left = $state(MOST_SECONDS);
  recording = $state.raw<Recording>();

  #microphone: MediaStream | undefined;
  #recorder: MediaRecorder | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  /** Counts beginnings, so that a permission given too late starts nothing. */
  #turn = 0;

  async start(): Promise<void> {
    this.discard();
    const turn = this.#turn;
    const form = 'MediaRecorder' in globalThis ? formFor((each) => MediaRecorder.isTypeSupported(each)) : undefined;
    // Browsers offer the microphone to secure pages only.
    if (!form || !navigator.mediaDevices) return this.#fail('unsupported');
    this.state = 'asking';
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
      if (turn !== this.#turn) return letGo(microphone);
      this.#microphone = microphone;
      this.#record(microphone, form);
    } catch (error) {
      if (turn === this.#turn) this.#fail(faultOf(error));
    }
  }

  stop(): void {
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
  }

  /** Back to the beginning; what was recorded is forgotten. */
  discard(): void {
    this.#turn += 1;
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder?.state === 'recording') recorder.stop();
    this.#rest();
    this.recording = undefined;
    this.fault = undefined;
    this.left = MOST_SECONDS;
    this.state = 'idle';
  }

  #record(microphone: MediaStream, form: string): void {
    const recorder = new MediaRecorder(microphone, { mimeType: form, audioBitsPerSecond: BITS_PER_SECOND });
    const parts: Blob[] = [];
    const startedAt = performance.now();
    recorder.ondataavailable = (event) => void parts.push(event.data);
    recorder.onstop = () => {
      if (this.#recorder !== recorder) return;
      const seconds = Math.min(MOST_SECONDS, Math.max(1, Math.round((performance.now() - startedAt) / 1000)));
      this.#keep({ bytes: new Blob(parts, { type: mediaTypeOf(form) }), mediaType: mediaTypeOf(form), seconds });
    };
    recorder.onerror = () => this.#recorder === recorder && this.#fail('missing');
    this.#recorder = recorder;
    recorder.start();
    this.state = 'recording';
    this.#ticking = setInterval(() => {
      this.left = secondsLeft(startedAt, performance.now());
      if (this.left === 0) this.stop();
    }, TICK_MS);
  }

  #keep(recording: Recording): void {
    this.#rest();
    if (!fits(recording.bytes.size)) return this.#fail(recording.bytes.size === 0 ? 'empty' : 'tooLarge');
    this.recording = recording;
    this.state = 'recorded';
  }

  #fail(fault: RecorderFault): void {
    this.#rest();
    this.#recorder = undefined;
    this.fault = fault;
    this.state = 'idle';
  }

  #rest(): void {
    clearInterval(this.#ticking);
    if (this.#microphone) letGo(this.#microphone);
    this.#microphone = undefined;
  }
}

function letGo(microphone: MediaStream): void {
  for (const track of microphone.getTracks()) track.stop();
}

function faultOf(error: unknown): RecorderFault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotSupportedError' ? 'unsupported' : 'missing';
}
