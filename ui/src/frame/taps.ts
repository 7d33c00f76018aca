// A tap is a tap however long it takes and however much the hand trembles.
//
// Browsers take a long touch for the wish to see a menu and a touch that slides a little for a drag, and press nothing. Here
// a touch that ends near where it began presses the button it began on, once, whatever the browser thought of it.
import { pixelsPerMillimetre } from './panel';
import { TAP_MM } from './turn';

interface Begun {
  button: HTMLButtonElement;
  x: number;
  y: number;
}

export function takeTaps(page: Document): void {
  let begun: Begun | null = null;
  let pressed = false;
  const forget = () => (begun = null);
  page.addEventListener('pointerdown', () => (pressed = false), { capture: true });
  page.addEventListener('touchstart', (event) => (begun = event.touches.length === 1 ? begin(event) : null), { passive: true });
  // The browser scrolls with it.
  page.addEventListener('pointercancel', forget);
  page.addEventListener('touchcancel', forget);
  page.addEventListener('touchend', (event) => {
    const tapped = begun;
    forget();
    if (!tapped || !isNear(tapped, event.changedTouches[0])) return;
    if (event.cancelable) event.preventDefault();
    pressed = true;
    if (canBePressed(tapped.button)) press(tapped);
  }, { passive: false });
  // Not every browser keeps its own click back. Keys click, too, without a count.
  page.addEventListener('click', (event) => pressed && event.isTrusted && event.detail > 0 && refuse(event), { capture: true });
}

/** As the browser would have: with the place, which says what of a large button is meant. */
function press({ button, x, y }: Begun): void {
  button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, clientX: x, clientY: y, detail: 1 }));
}

function refuse(event: Event): void {
  event.stopImmediatePropagation();
  event.preventDefault();
}

function begin(event: TouchEvent): Begun | null {
  const touch = event.touches[0];
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  return touch && button ? { button, x: touch.clientX, y: touch.clientY } : null;
}

function isNear(from: Begun, touch: Touch | undefined): boolean {
  const limit = TAP_MM * pixelsPerMillimetre(window.innerWidth, window.innerHeight, window.picupPanel);
  return touch !== undefined && Math.hypot(touch.clientX - from.x, touch.clientY - from.y) < limit;
}

/** It may have gone, or been covered, while the finger was on it. */
function canBePressed(button: HTMLButtonElement): boolean {
  return button.isConnected && !button.disabled && button.closest('[inert]') === null;
}
