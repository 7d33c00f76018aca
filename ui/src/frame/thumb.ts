// A thumb that holds the frame rests on its edge: browsers then give other fingers no click. They get one from here.

/** Pixels within which a finger has tapped, and not drawn. */
const STILL = 16;
/** Milliseconds; a finger that stays longer rests itself. */
const TAP_MS = 900;

interface Finger {
  x: number;
  y: number;
  at: number;
}

export function hearSecondFinger(page: Document): void {
  const others = new Map<number, Finger>();
  page.addEventListener('touchstart', (event) => {
    if (event.touches.length > 1) for (const touch of event.changedTouches) others.set(touch.identifier, put(touch, event.timeStamp));
  });
  page.addEventListener('touchend', (event) => {
    for (const touch of event.changedTouches) {
      const finger = others.get(touch.identifier);
      if (finger && hasTapped(finger, touch, event.timeStamp)) click(page, finger);
      others.delete(touch.identifier);
    }
  });
  page.addEventListener('touchcancel', () => others.clear());
}

function put(touch: Touch, at: number): Finger {
  return { x: touch.clientX, y: touch.clientY, at };
}

export function hasTapped(finger: Finger, touch: Pick<Touch, 'clientX' | 'clientY'>, now: number): boolean {
  return Math.hypot(touch.clientX - finger.x, touch.clientY - finger.y) <= STILL && now - finger.at <= TAP_MS;
}

function click(page: Document, { x, y }: Finger): void {
  page.elementFromPoint(x, y)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, clientX: x, clientY: y }));
}
