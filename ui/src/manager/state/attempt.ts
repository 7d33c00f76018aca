// Runs what a person asked for, and says in plain words why it could not be done.
import { t } from '$lib/i18n.svelte';
import { sentenceOf } from '../seam/problem';
import { complain } from './toasts.svelte';

/** True when it was done. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    complain(sentenceOf(error, t()));
    return false;
  }
}
