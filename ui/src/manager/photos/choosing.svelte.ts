// Choosing several photos at once.
import { SvelteSet } from 'svelte/reactivity';

export function choosing() {
  let on = $state(false);
  const ids = new SvelteSet<string>();
  return {
    get on() {
      return on;
    },
    get ids(): ReadonlySet<string> {
      return ids;
    },
    start() {
      on = true;
    },
    stop() {
      on = false;
      ids.clear();
    },
    toggle(id: string) {
      if (!ids.delete(id)) ids.add(id);
    },
  };
}
