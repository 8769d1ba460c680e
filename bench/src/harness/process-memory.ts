import { readFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1_024;

/**
 * Proportional set size of a process in bytes: what it shares with others counts by its part. NaN where the system does
 * not tell.
 */
export async function processPss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const found = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return found === undefined ? Number.NaN : Number(found) * BYTES_PER_KIB;
}
