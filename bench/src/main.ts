import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommanderError } from 'commander';
import { BenchError } from './harness/bench-error.js';
import { ROOT } from './harness/entries.js';
import { machineLine } from './harness/machine.js';
import type { BenchReport } from './harness/results.js';
import { renderResult, renderVerdict } from './harness/table.js';
import { resolvePlan } from './plan.js';
import { createProgram, type Flags } from './program.js';
import { runBench, type WorkloadName } from './run-bench.js';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function bench(workloads: readonly WorkloadName[], flags: Flags): Promise<void> {
  const report = await runBench({
    workloads,
    plan: resolvePlan(flags),
    dataDir: flags.data,
    signal: interruption.signal,
    say: (line) => void process.stderr.write(`${line}\n`),
    onResult: (result) => print(`\n${renderResult(result)}`),
  });
  print(`One machine: ${machineLine(report.machine)}`);
  print(renderVerdict(report.workloads));
  if (flags.json !== undefined) await save(report, flags.json);
  if (flags.save === true) {
    const name = report.startedAt.replaceAll(':', '-').replace(/\.\d+Z$/, 'Z');
    await save(report, join(ROOT, 'bench/results', `${name}.json`));
  }
}

async function save(report: BenchReport, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  print(`Results in ${path}`);
}

try {
  await createProgram(bench).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has printed its message; --help arrives here with code 0.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  } else {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`bench: ${interruption.signal.aborted ? 'interrupted' : message}\n`);
    const usage = error instanceof BenchError && error.code === 'INVALID_OPTION';
    process.exitCode = interruption.signal.aborted ? EXIT.interrupted : usage ? EXIT.usage : EXIT.failed;
  }
}
