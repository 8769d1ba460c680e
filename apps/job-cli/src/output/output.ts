import { once } from 'node:events';
import type { JobIo, OutStream } from '../job-io.js';
import { type Colours, coloursFor } from './colours.js';

/** How much is said, from the command line. */
export interface OutputFlags {
  /** One JSON object per line on standard output. */
  readonly json?: boolean;
  /** Only what was asked for, and what went wrong. */
  readonly quiet?: boolean;
  /** Every attempt and decision, and stack traces, on standard error. */
  readonly verbose?: boolean;
}

/**
 * Where a command says things. Results go to standard output, as text or as JSON lines; everything about the work
 * (notes, warnings, errors, progress) goes to standard error, so that a pipe gets results only.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly out: Colours;
  readonly err: Colours;
  readonly #stdout: OutStream;
  readonly #stderr: OutStream;

  constructor(io: Pick<JobIo, 'stdout' | 'stderr' | 'env'>, flags: OutputFlags) {
    this.json = flags.json ?? false;
    this.quiet = flags.quiet ?? false;
    this.verbose = flags.verbose ?? false;
    this.#stdout = io.stdout;
    this.#stderr = io.stderr;
    this.out = coloursFor(io.stdout, io.env);
    this.err = coloursFor(io.stderr, io.env);
  }

  /** Text lines on standard output; nothing with `--json`. */
  text(...lines: readonly string[]): void {
    if (this.json || lines.length === 0) return;
    this.#stdout.write(`${lines.join('\n')}\n`);
  }

  /** One JSON object on a line of its own; nothing without `--json`. A bigint becomes a string of digits. */
  object(value: object): void {
    if (!this.json) return;
    this.#stdout.write(`${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v))}\n`);
  }

  /** Raw text on standard output in either form, as a completion script. */
  raw(text: string): void {
    this.#stdout.write(text);
  }

  /** What is good to know; silent with `--quiet`. */
  note(line: string): void {
    if (!this.quiet) this.#stderr.write(`${this.err.dim(line)}\n`);
  }

  /** What needs somebody; never silent. */
  warn(line: string): void {
    this.#stderr.write(`${this.err.yellow('warning:')} ${line}\n`);
  }

  /** Why the command failed, and what to do; never silent. */
  error(line: string, remedy: string | null = null): void {
    this.#stderr.write(`${this.err.red('error:')} ${line}\n`);
    if (remedy !== null) this.#stderr.write(`  ${remedy}\n`);
  }

  /** A line on standard error as it is. */
  trace(line: string): void {
    this.#stderr.write(`${line}\n`);
  }

  /** Waits while standard output is full, so that a slow reader bounds the memory and not only the speed. */
  async drained(signal: AbortSignal): Promise<void> {
    if (this.#stdout.writableNeedDrain !== true || signal.aborted) return;
    await once(this.#stdout, 'drain', { signal }).catch(() => undefined);
  }
}
