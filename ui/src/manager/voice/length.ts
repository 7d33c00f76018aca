// How long a voice is: a recorder's file does not say, so it is decoded.

/** Whole seconds, at least one; undefined where this browser cannot decode it. */
export async function lengthOf(voice: Blob): Promise<number | undefined> {
  try {
    // Offline: nothing sounds, and no press of a button is needed first.
    const decoder = new OfflineAudioContext(1, 1, 48_000);
    const { duration } = await decoder.decodeAudioData(await voice.arrayBuffer());
    return Math.max(1, Math.round(duration));
  } catch {
    return undefined;
  }
}
