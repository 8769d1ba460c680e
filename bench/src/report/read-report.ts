import { readFile } from 'node:fs/promises';
import { BenchError } from '../harness/bench-error.js';
import type { BenchReport } from '../harness/results.js';

/** Reads what `--save` wrote. Throws `INVALID_OPTION` for a file that is no such thing. */
export async function readReport(file: string): Promise<BenchReport> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'), measured);
  } catch (cause) {
    throw new BenchError('INVALID_OPTION', `${file} cannot be read as results: ${String(cause)}`, { cause });
  }
  if (isReport(found)) return found;
  throw new BenchError('INVALID_OPTION', `${file} holds no results; give a file that bench --save wrote`);
}

/** JSON knows no NaN, which is what a figure is that could not be measured. */
function measured(key: string, value: unknown): unknown {
  return value === null && key !== 'growth' ? Number.NaN : value;
}

function isReport(found: unknown): found is BenchReport {
  return (
    typeof found === 'object' &&
    found !== null &&
    'startedAt' in found &&
    'machine' in found &&
    'workloads' in found &&
    Array.isArray(found.workloads)
  );
}
