import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from './harness/entries.js';
import { machineLine } from './harness/machine.js';
import type { BenchReport } from './harness/results.js';
import { renderResult, renderVerdict } from './harness/table.js';
import type { BenchPlan } from './plan.js';
import { runBench, type WorkloadName } from './run-bench.js';

/** One call of `pnpm bench`. */
export interface BenchCommand {
  readonly workloads: readonly WorkloadName[];
  readonly plan: BenchPlan;
  /** Further file for the results. */
  readonly json?: string | undefined;
  /** Whether the results also go to `bench/results/<date>.json`. */
  readonly save?: boolean | undefined;
  /** Parent of the scratch folder. */
  readonly dataDir?: string | undefined;
  readonly signal: AbortSignal;
  /** Tables, as they come. */
  readonly print: (text: string) => void;
  /** Progress. */
  readonly say: (line: string) => void;
}

/** Measures, prints a table per workload and a verdict, and writes the results where that was asked for. */
export async function runCommand(o: BenchCommand): Promise<BenchReport> {
  const { workloads, plan, dataDir, signal, say, print } = o;
  const onResult = (result: BenchReport['workloads'][number]): void => print(`\n${renderResult(result)}`);
  const report = await runBench({ workloads, plan, dataDir, signal, say, onResult });
  print(`One machine: ${machineLine(report.machine)}`);
  print(renderVerdict(report.workloads));
  const name = report.startedAt.replaceAll(':', '-').replace(/\.\d+Z$/, 'Z');
  const files = [o.json, o.save === true ? join(ROOT, 'bench/results', `${name}.json`) : undefined];
  for (const file of files) {
    if (file === undefined) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    print(`Results in ${file}`);
  }
  return report;
}
