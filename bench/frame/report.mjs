// The table: what, ours, the budget and whether it is kept, and the comparator's figure of the same run.

/** Rows are `[what, ours, budget, kept, comparator]`; `budget` is empty where there is none. */
export function print(title, rows) {
  const lines = [['', 'ours', 'budget', '', 'MiniBrowser'], ...rows.map(([what, ours, budget = '', kept, comparator = '']) => {
    const verdict = budget === '' ? '' : kept ? 'kept' : 'MISSED';
    return [what, ours, budget, verdict, comparator];
  })];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column].length)) + 2);
  console.log(`\n${title}`);
  for (const line of lines) console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('').trimEnd()}`);
}

export const megabytes = (value) => `${value.toFixed(0)} MB`;
export const seconds = (value) => `${value.toFixed(2)} s`;
export const percent = (value) => `${value.toFixed(1)} % of a core`;
export const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
