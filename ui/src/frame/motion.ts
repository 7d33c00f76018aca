// The slow way a photo takes toward what matters in it.
//
// Pure. Invariant: no edge of the photo enters the window it is seen through. A photo enlarged `scale` times reaches
// (scale - 1) / 2 of the window beyond each side, so it is never moved by more; both grow at one pace, so this holds on
// the whole way.
import type { Focus } from '$lib/api/gen/types';

/** How much larger a photo is at the end of its way. */
const SCALE = 1.09;
/** Milliseconds. A longer way would be too slow to be seen, and would keep the processor awake for nothing. */
const LONGEST_MS = 45_000;
/** A step of a quarter of a pixel is not seen, and a panel without a GPU is spared half of its work. */
const STEP_MS = 40;
/** It still moves while the next photo fades in over it. */
const FADE_MS = 1_400;

export interface Motion {
  /** Of the window, from the middle: to the right and down. */
  x: number;
  y: number;
  scale: number;
  milliseconds: number;
  steps: number;
}

export function motionToward(focus: Focus | undefined, secondsPerPhoto: number): Motion {
  const most = (SCALE - 1) / 2;
  const milliseconds = Math.min(secondsPerPhoto * 1000 + FADE_MS, LONGEST_MS);
  return {
    x: within(0.5 - (focus?.x ?? 0.5), most),
    y: within(0.5 - (focus?.y ?? 0.5), most),
    scale: SCALE,
    milliseconds,
    steps: Math.round(milliseconds / STEP_MS),
  };
}

function within(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(-most, value)) : 0;
}
