import { readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const US_PER_TICK = 10_000;
/** Places of utime and stime behind the name of the program, which may hold anything but a last ")". */
const UTIME = 11;
const STIME = 12;

/** User and system time of another process in µs; NaN where the system does not tell. */
export async function processCpuUs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) * US_PER_TICK;
}
