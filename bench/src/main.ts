import { CommanderError } from 'commander';
import { runCommand } from './command.js';
import { BenchError } from './harness/bench-error.js';
import { resolvePlan } from './plan.js';
import { createProgram } from './program.js';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));
}

const program = createProgram(async (workloads, { json, save, data, ...flags }) => {
  await runCommand({
    workloads,
    plan: resolvePlan(flags),
    json,
    save,
    dataDir: data,
    signal: interruption.signal,
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failed(error);
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
