// The week in figures, each beside its goal.

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const mebibytes = (mib) => `${mib.toFixed(0)} MiB`;

/** Prints it; true when every goal was met. */
export function report({ watcher, frame, journal }, { taken, lost }) {
  const { none, ...wrong } = watcher.spells;
  const faults = Object.values(wrong).flatMap((spells) => spells.faults.map((fault) => ({ ...fault, name: spells.name })));
  const unfinished = [...journal.faults, ...frame.unasked.map((end) => `the app ended by itself: ${end}`)];
  console.log(`
the week: ${watcher.looks} looks, ${watcher.shown} of them at a photo; it fell asleep ${watcher.slept} times; nobody looked for ${seconds(watcher.heldUp)}
  without a picture       ${none.all.length} times, ${seconds(none.milliseconds)} in all, the longest ${seconds(none.longest)}
  longer than allowed     ${none.faults.length} times (goal 0)
  wrong pictures          ${faults.length} (goal 0)
  lost from the inbox     ${lost.length} of ${taken} (goal 0)
  not as it should be     ${unfinished.length} (goal 0)
${memoryOf(watcher.memory)}`);
  none.all.forEach((spell) => tell('without a picture', spell));
  faults.forEach((fault) => tell(fault.name, fault));
  lost.forEach((file) => console.log(`  lost: ${file}`));
  for (const [what, times] of counted(unfinished)) console.log(`  ${times} times: ${what}`);
  return none.faults.length + faults.length + lost.length + unfinished.length === 0;
}

function counted(all) {
  const times = new Map();
  for (const what of all) times.set(what, (times.get(what) ?? 0) + 1);
  return times;
}

function memoryOf(samples) {
  if (samples.length === 0) return '  memory                  never weighed';
  const highest = (part) => Math.max(...samples.map((sample) => sample[part]));
  const [first, last] = [samples[0], samples.at(-1)];
  const line = (part) => `${mebibytes(first[part])} at the beginning, ${mebibytes(highest(part))} at most, ${mebibytes(last[part])} at the end`;
  return `  memory, all processes   ${line('all')} (PSS)\n  memory, the page's      ${line('page')}`;
}

function tell(name, { from, until, fault, seen, cause, time }) {
  console.log(`  ${fault ? 'BEYOND  ' : 'allowed '} ${name}: ${seconds(until - from)} of ${seen}, ${time}; after: ${cause}`);
}
