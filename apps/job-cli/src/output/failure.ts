import type { ExitCode } from '../exit-codes.js';

/** A failure as the user is told of it. */
export interface Failure {
  /** Stable name for scripts. */
  readonly code: string;
  readonly message: string;
  /** What to do; null where the message says it or nobody can know. */
  readonly remedy: string | null;
  readonly exitCode: ExitCode;
}
