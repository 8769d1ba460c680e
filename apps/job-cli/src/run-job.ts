import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import { JobHost } from './job-host.js';
import { type JobIo, resolveJobIo } from './job-io.js';
import { describeFailure } from './output/describe-failure.js';
import { createProgram } from './program.js';

/**
 * Runs one `job` command in this process and resolves to its exit code; never rejects. `argv` is what follows the
 * command's name, as `['create', '--to', '9']`. What `io` leaves out is this process's own; signals are the caller's
 * to map to `io.signal`.
 */
export async function runJob(argv: readonly string[], io: Partial<JobIo> = {}): Promise<ExitCode> {
  const host = new JobHost(resolveJobIo(io));
  try {
    await createProgram(host).parseAsync(argv, { from: 'user' });
    return host.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return reportFailure(host, error);
  }
}

function reportFailure(host: JobHost, error: unknown): ExitCode {
  const { output } = host;
  if (host.io.signal.aborted) {
    output.note('Interrupted.');
    return EXIT.interrupted;
  }
  const failure = describeFailure(error);
  output.object({ type: 'error', ...failure });
  output.error(failure.message, failure.remedy);
  if (output.verbose && error instanceof Error) output.trace(stackOf(error));
  return failure.exitCode;
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}
