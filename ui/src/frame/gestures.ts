// Nothing a hand can do to a touch screen leaves the frame or spoils it: no menu, no zoom, no selection, no drag, and a palm
// is not a finger.
import { pixelsPerMillimetre } from './panel';
import { takeTaps } from './taps';
import { Touches } from './touches';

const REFUSED = ['contextmenu', 'dragstart', 'selectstart', 'gesturestart', 'gesturechange', 'dblclick', 'auxclick'];
const OF_A_TOUCH = ['pointermove', 'pointerup', 'pointercancel', 'touchstart', 'touchmove', 'touchend', 'touchcancel', 'click'];
/** What the screen itself understands from a keyboard or a remote control. */
const KEYS = new Set(['Enter', ' ', 'Tab', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

export function refuseGestures(page: Document): void {
  for (const gesture of REFUSED) page.addEventListener(gesture, (event) => event.preventDefault());
  page.addEventListener('touchmove', refusePinch, { passive: false });
  page.addEventListener('wheel', refuseZoom, { passive: false });
  page.addEventListener('keydown', refuseShortcut);
  refusePalms(page);
  takeTaps(page);
}

/** Before anything else hears of it. */
function refusePalms(page: Document): void {
  const touches = new Touches();
  const begun = new Map<number, EventTarget | null>();
  const down = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') return;
    if (event.isPrimary) begun.clear();
    if (touches.down(event.pointerId, across(event), event.isPrimary)) return void begun.set(event.pointerId, event.target);
    silence(event);
    letGo(begun);
  };
  page.addEventListener('pointerdown', down, { capture: true });
  for (const name of OF_A_TOUCH) {
    page.addEventListener(name, (event) => touches.refused && event.isTrusted && silence(event), { capture: true, passive: false });
  }
  // On the window, which is reached first: a touch is counted as lifted even where its event is silenced.
  for (const name of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(name, (event) => event.isTrusted && touches.up(event.pointerId), { capture: true });
  }
}

/** What fingers had begun before the palm came ends as if it had never been. */
function letGo(begun: Map<number, EventTarget | null>): void {
  for (const [pointerId, target] of begun) {
    target?.dispatchEvent(new PointerEvent('pointercancel', { pointerId, pointerType: 'touch', bubbles: true }));
  }
  begun.clear();
}

function across(event: PointerEvent): number {
  return Math.max(event.width, event.height) / pixelsPerMillimetre(window.innerWidth, window.innerHeight, window.picupPanel);
}

function silence(event: Event): void {
  event.stopImmediatePropagation();
  if (event.cancelable) event.preventDefault();
}

function refusePinch(event: TouchEvent): void {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
}

function refuseZoom(event: WheelEvent): void {
  if (event.ctrlKey || event.metaKey) event.preventDefault();
}

function refuseShortcut(event: KeyboardEvent): void {
  // A browser that was started as a kiosk is the frame's, too.
  const isFrame = document.documentElement.classList.contains('in-window') || matchMedia('(display-mode: fullscreen)').matches;
  if (isFrame && (event.ctrlKey || event.altKey || event.metaKey || !KEYS.has(event.key))) event.preventDefault();
}
