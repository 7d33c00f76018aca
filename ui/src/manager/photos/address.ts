// The addresses of the photos screen: which photos it lists, and which one is open over them.
//
// Pure. A list that has an address of its own survives a reload and the way back.

export type Listed = 'all' | 'hearted' | 'hidden' | 'proposed';

/** From `?only=…`; anything else is all of them. */
export function listedBy(only: string | null): Listed {
  return only === 'hearted' || only === 'hidden' || only === 'proposed' ? only : 'all';
}

export function addressOf(listed: Listed): string {
  return listed === 'all' ? '/' : `/?only=${listed}`;
}

/** The same list with a photo open over it. */
export function withPhoto(base: string, photo: string): string {
  return `${base}${base.includes('?') ? '&' : '?'}photo=${photo}`;
}
