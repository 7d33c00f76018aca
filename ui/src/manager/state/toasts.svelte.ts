// Short notes at the bottom of the screen, with an undo where one is possible.

export interface Toast {
  id: number;
  text: string;
  kind: 'note' | 'error';
  action?: { label: string; run: () => void };
}

const STAY_MS = 7_000;
let nextId = 0;
let shown = $state<Toast[]>([]);

export function toasts(): readonly Toast[] {
  return shown;
}

export function say(text: string, action?: Toast['action']): void {
  add({ id: nextId++, text, kind: 'note', action });
}

export function complain(text: string): void {
  add({ id: nextId++, text, kind: 'error' });
}

export function dismiss(id: number): void {
  shown = shown.filter((toast) => toast.id !== id);
}

function add(toast: Toast): void {
  shown = [...shown.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), STAY_MS);
}
