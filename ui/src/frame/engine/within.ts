/** Asks for a picture no larger than the panel, in the panel's own pixels. */
export function withinPanel(): string {
  const pixels = (length: number) => Math.round(length * devicePixelRatio);
  return `fit=${pixels(innerWidth)}x${pixels(innerHeight)}`;
}
