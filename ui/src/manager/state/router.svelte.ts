// Which screen the address bar names, and how to go to another one.
//
// Small on purpose: a path, a query, `go`, and links that work like links.

let path = $state(location.pathname);
let query = $state(new URLSearchParams(location.search));

export function currentPath(): string {
  return path;
}

export function queryValue(name: string): string | null {
  return query.get(name);
}

/** Goes to an address of this app; `replace` leaves no step to come back to. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(history.state, '', to);
  else history.pushState({ inside: true }, '', to);
  const samePath = location.pathname === path;
  read();
  if (!samePath) scrollTo(0, 0);
}

/** One step back inside the app; to `fallback` when this was the first page seen. */
export function back(fallback: string): void {
  if ((history.state as { inside?: boolean } | null)?.inside) history.back();
  else go(fallback, { replace: true });
}

/** The parameters of `pattern` (`/albums/:id`) in the current path, or undefined when it is another screen. */
export function match(pattern: string, actual = path): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const found = actual.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== found.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = found[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}

/** Makes plain `<a href="/…">` links switch screens without loading the page again. */
export function followLinks(): () => void {
  const onClick = (event: MouseEvent) => {
    const link = (event.target as Element | null)?.closest('a');
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download')) return;
    if (link.hash !== '' || link.origin !== location.origin || link.pathname.startsWith('/media/')) return;
    event.preventDefault();
    go(link.pathname + link.search);
  };
  addEventListener('popstate', read);
  document.addEventListener('click', onClick);
  return () => {
    removeEventListener('popstate', read);
    document.removeEventListener('click', onClick);
  };
}

function read(): void {
  path = location.pathname;
  query = new URLSearchParams(location.search);
}
