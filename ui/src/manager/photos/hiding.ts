// Takes a photo out of the frames' slideshows, and back.
import type { Photo } from '$lib/api/gen/types';
import { t } from '$lib/i18n.svelte';
import { photos } from '../seam/api';
import { attempt } from '../state/attempt';
import { say } from '../state/toasts.svelte';

export async function setHidden(photo: Photo, hidden: boolean, onchange: (photo: Photo) => void): Promise<void> {
  if (!(await attempt(() => photos.hide(photo.id, hidden)))) return;
  onchange({ ...photo, hidden });
  const words = t().manager.aside;
  if (!hidden) return say(words.nowShown);
  say(words.nowHidden, {
    label: t().manager.trash.undo,
    run: () => void setHidden({ ...photo, hidden: true }, false, onchange),
  });
}
