// A trembling hand taps twice: the second tap must not reach a button that was not there at the first.
//
// Rule: a tap counts when the finger came down later than `SETTLE_MS` after the button appeared, or last changed what
// it does. Until then the button says of itself that it cannot be used.

export const SETTLE_MS = 300;
/** No touch waits longer for a page that is busy. */
const LONGEST_WAIT_MS = 2_000;

/** Both times on one monotonic clock, milliseconds. */
export function isTooSoon(appeared: number, pressed: number): boolean {
  return pressed - appeared < SETTLE_MS;
}

/**
 * When a finger came down, by the clock of `performance.now()`.
 *
 * WebKitGTK sends an event's `stamp` by way of the wall clock, which may be set meanwhile: what cannot be is taken for now.
 */
export function pressedAt(stamp: number, now: number): number {
  return stamp <= now && now - stamp <= LONGEST_WAIT_MS ? stamp : now;
}

/** Attach as `{@attach settled(what)}`: begins anew whenever `what` it does changes. */
export function settled(..._what: unknown[]): (node: HTMLElement) => () => void {
  return (node) => {
    const appeared = performance.now();
    let pressed = 0;
    const down = (event: Event) => void (pressed = pressedAt(event.timeStamp, performance.now()));
    const click = (event: MouseEvent) => {
      // A keyboard's click has no finger that came down before it.
      if (isTooSoon(appeared, event.detail === 0 ? performance.now() : pressed)) refuse(event);
    };
    node.setAttribute('aria-disabled', 'true');
    const ready = setTimeout(() => node.removeAttribute('aria-disabled'), SETTLE_MS);
    node.addEventListener('pointerdown', down);
    node.addEventListener('click', click, { capture: true });
    return () => {
      clearTimeout(ready);
      node.removeEventListener('pointerdown', down);
      node.removeEventListener('click', click, { capture: true });
    };
  };
}

function refuse(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
