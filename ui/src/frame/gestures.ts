// Nothing a hand can do to a touch screen leaves the frame or spoils it: no menu, no zoom, no selection, no drag.

const REFUSED = ['contextmenu', 'dragstart', 'selectstart', 'gesturestart', 'gesturechange', 'dblclick', 'auxclick'];
/** What the screen itself understands from a keyboard or a remote control. */
const KEYS = new Set(['Enter', ' ', 'Tab', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

export function refuseGestures(page: Document): void {
  for (const gesture of REFUSED) page.addEventListener(gesture, (event) => event.preventDefault());
  page.addEventListener('touchmove', refusePinch, { passive: false });
  page.addEventListener('wheel', refuseZoom, { passive: false });
  page.addEventListener('keydown', refuseShortcut);
}

function refusePinch(event: TouchEvent): void {
  if (event.touches.length > 1) event.preventDefault();
}

function refuseZoom(event: WheelEvent): void {
  if (event.ctrlKey || event.metaKey) event.preventDefault();
}

function refuseShortcut(event: KeyboardEvent): void {
  // A browser that was started as a kiosk is the frame's, too.
  const isFrame = document.documentElement.classList.contains('in-window') || matchMedia('(display-mode: fullscreen)').matches;
  if (isFrame && (event.ctrlKey || event.altKey || event.metaKey || !KEYS.has(event.key))) event.preventDefault();
}
