import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { curvesOf } from '../fit/curves.js';
import type { WorkloadResult } from '../harness/results.js';
import { type Chart, chartsOf } from './charts-of.js';

/** Draws the charts of these workloads into a folder, in place of those that it had of them. */
export async function writeCharts(
  folder: string,
  results: readonly WorkloadResult[],
): Promise<readonly Chart[]> {
  await mkdir(folder, { recursive: true });
  const isOld = (file: string): boolean =>
    file.endsWith('.svg') && results.some(({ workload }) => file.startsWith(`${workload}-`));
  for (const file of await readdir(folder)) if (isOld(file)) await rm(join(folder, file));
  const charts = chartsOf(results, curvesOf(results));
  for (const { file, svg } of charts) await writeFile(join(folder, file), svg);
  return charts;
}
