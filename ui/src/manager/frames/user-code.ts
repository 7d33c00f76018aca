// Tidies a pairing code as a person types it: `bcdf ghjk` becomes `BCDF-GHJK`.

export function userCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}
