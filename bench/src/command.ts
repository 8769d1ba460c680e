import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderGrowth } from './fit/render-growth.js';
import { ROOT } from './harness/entries.js';
import { machineLine } from './harness/machine.js';
import type { BenchReport, WorkloadResult } from './harness/results.js';
import { renderResult, renderVerdict } from './harness/table.js';
import type { BenchPlan } from './plan.js';
import { runBench, type WorkloadName } from './run-bench.js';

/** One call of `pnpm bench`. */
export interface BenchCommand {
  readonly workloads: readonly WorkloadName[];
  readonly plan: BenchPlan;
  /** Further file for the results. */
  readonly json?: string | undefined;
  /** Whether the results also go to `<results>/<date>.json` and their charts to `<results>/charts`. Default: unless quick. */
  readonly save?: boolean | undefined;
  /** Default `bench/results`. */
  readonly results?: string | undefined;
  /** Parent of the scratch folder. */
  readonly dataDir?: string | undefined;
  readonly signal: AbortSignal;
  /** Tables, as they come. */
  readonly print: (text: string) => void;
  /** Progress. */
  readonly say: (line: string) => void;
}

/** Measures, prints a table per workload and a verdict, and writes results and charts. */
export async function runCommand(o: BenchCommand): Promise<BenchReport> {
  const { workloads, plan, dataDir, signal, say, print } = o;
  const { save = !plan.quick, results = join(ROOT, 'bench/results') } = o;
  const onResult = (result: WorkloadResult): void => print(`\n${renderResult(result)}`);
  const report = await runBench({ workloads, plan, dataDir, signal, say, onResult });
  const seconds = report.workloads.map((one) => `${one.workload} ${one.seconds} s`);
  print(`One machine: ${machineLine(report.machine)}, ${report.loadAtEnd} at the end`);
  print(`Took: ${seconds.join(', ')}`);
  print(renderGrowth(report.curves));
  print(renderVerdict(report.workloads));
  if (o.json !== undefined) await writeReport(o.json);
  if (save) {
    const name = report.startedAt.replaceAll(':', '-').replace(/\.\d+Z$/, 'Z');
    await writeReport(join(results, `${name}.json`));
    // Only here, since the drawing library takes longer to load than all else.
    const { writeCharts } = await import('./charts/write-charts.js');
    const charts = await writeCharts(join(results, 'charts'), report.workloads);
    print(`${charts.length} charts in ${join(results, 'charts')}`);
  }
  return report;

  async function writeReport(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    print(`Results in ${file}`);
  }
}
