// What a program and everything below it take of the machine: memory as PSS, and processor time.
//
// Rule: megabytes are 1,000,000 bytes; a percentage is of one core.
import { readFile } from 'node:fs/promises';
import { descendants, pause } from '../../ui/tests/kiosk/home.mjs';

/** The kernel's clock ticks a second, as it tells them to programs: `getconf CLK_TCK`, 100 on every Linux. */
const TICKS = 100;

/** `{ total, parts }` in megabytes; the parts are by name of the process. */
export async function memory(pid) {
  const parts = {};
  for (const process of await family(pid)) {
    const rollup = await readFile(`/proc/${process.pid}/smaps_rollup`, 'utf8').catch(() => '');
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
    parts[process.name] = (parts[process.name] ?? 0) + (kilobytes * 1024) / 1e6;
  }
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts };
}

/** Looks at the memory every two seconds; the answer ends it and tells the highest total seen. */
export function watchMemory(pid) {
  let watching = true;
  let highest = 0;
  const looking = (async () => {
    while (watching) {
      highest = Math.max(highest, (await memory(pid)).total);
      await pause(2_000);
    }
  })();
  return async () => {
    watching = false;
    await looking;
    return highest;
  };
}

/** Percent of one core over `seconds`. A process that ended meanwhile counts through its parent. */
export async function processor(pid, seconds) {
  const [began, before] = [performance.now(), await ticks(pid)];
  await pause(seconds * 1000);
  const used = (await ticks(pid)) - before;
  return (used / TICKS / ((performance.now() - began) / 1000)) * 100;
}

async function family(pid) {
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  return [{ pid, name }, ...(await descendants(pid))];
}

/** proc(5): utime, stime, cutime and cstime are the fields 14 to 17; behind the name stands the third. */
async function ticks(pid) {
  const stats = await Promise.all((await family(pid)).map((one) => readFile(`/proc/${one.pid}/stat`, 'utf8').catch(() => '')));
  const fields = stats.filter(Boolean).map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '));
  return fields.flatMap((values) => values.slice(11, 15)).reduce((sum, value) => sum + Number(value), 0);
}

/** Processes of the same web engine that are not ours: what they share with ours counts for both, and ours look smaller. */
export async function strangers(pid) {
  const mine = new Set((await family(pid)).map((one) => one.pid));
  return (await descendants(0)).filter((one) => one.name.startsWith('WebKit') && !mine.has(one.pid)).length;
}
