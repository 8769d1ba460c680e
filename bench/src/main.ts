import { join } from 'node:path';
import { CommanderError } from 'commander';
import { runCommand } from './command.js';
import { BenchError } from './harness/bench-error.js';
import { ROOT } from './harness/entries.js';
import { resolvePlan } from './plan.js';
import { createProgram } from './program.js';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const program = createProgram({
  async measure(workloads, { json, save, data, ...flags }) {
    await runCommand({
      workloads,
      plan: resolvePlan({ ...flags, all: workloads.length > 1 }),
      json,
      save,
      dataDir: data,
      signal: interruption.signal,
      print,
      say: (line) => void process.stderr.write(`${sinceStart()} ${line}\n`),
    });
  },
  async report(files) {
    const { runReport } = await import('./report/report-command.js');
    const [document, charts] = [join(ROOT, 'docs/performance.md'), join(ROOT, 'bench/results/charts')];
    await runReport({ files, document, charts, print });
  },
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failed(error);
}

/** Minutes and seconds, so that a person sees how far a long run has come. */
function sinceStart(): string {
  const seconds = Math.floor(process.uptime());
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Tells why and gives the exit code. */
function failed(error: unknown): number {
  // commander has printed its message; --help arrives here with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const { aborted } = interruption.signal;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${aborted ? 'interrupted' : message}\n`);
  if (aborted) return EXIT.interrupted;
  return error instanceof BenchError && error.code === 'INVALID_OPTION' ? EXIT.usage : EXIT.failed;
}
