import type { Scratch } from './scratch.js';

/** What every workload works with. */
export interface BenchContext {
  readonly scratch: Scratch;
  /** Rounds that must count. */
  readonly rounds: number;
  /** Ends the run; nothing that it started stays behind. */
  readonly signal: AbortSignal;
  /** One line on the progress, for people. */
  readonly say: (line: string) => void;
}
