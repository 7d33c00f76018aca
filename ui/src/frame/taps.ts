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
  page.addEventListener('touchstart', (event) => (begun = event.touches.length === 1 ? begin(event) : null), { passive: true });
  page.addEventListener('touchcancel', () => (begun = null));
  page.addEventListener('touchend', (event) => {
    const tapped = begun;
    begun = null;
    // Not cancelable: the browser has scrolled with it.
    if (!tapped || !event.cancelable) return;
    event.preventDefault();
    if (isNear(tapped, event.changedTouches[0]) && canBePressed(tapped.button)) tapped.button.click();
  }, { passive: false });
}

function begin(event: TouchEvent): Begun | null {
  const touch = event.touches[0];
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  return touch && button ? { button, x: touch.clientX, y: touch.clientY } : null;
}

function isNear(from: Begun, touch: Touch | undefined): boolean {
  const limit = TAP_MM * pixelsPerMillimetre(window.innerWidth, window.innerHeight);
  return touch !== undefined && Math.hypot(touch.clientX - from.x, touch.clientY - from.y) < limit;
}

/** It may have gone, or been covered, while the finger was on it. */
function canBePressed(button: HTMLButtonElement): boolean {
  return button.isConnected && !button.disabled && button.closest('[inert]') === null;
}
