import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from './clock.js';

/** A place to write to: `process.stdout` or a stream of a test. */
export type OutStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly writableNeedDrain?: boolean;
};

/** Everything that `job` knows of its surroundings. */
export interface JobIo {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  /** Read only where `-` asks for it. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Aborted by the first SIGINT or SIGTERM: no new items, running ones are finished or left to the journal. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Fills what is not given with this process's own streams, environment and folder, and a signal that never aborts. */
export function resolveJobIo(io: Partial<JobIo> = {}): JobIo {
  const signal = io.signal ?? new AbortController().signal;
  // Each of up to a thousand lanes may wait on it, which is no leak.
  setMaxListeners(0, signal);
  return Object.freeze({
    stdout: io.stdout ?? process.stdout,
    stderr: io.stderr ?? process.stderr,
    stdin: io.stdin ?? process.stdin,
    env: io.env ?? process.env,
    cwd: io.cwd ?? process.cwd(),
    signal,
    clock: io.clock ?? systemClock,
  });
}
