import { EXIT, type ExitCode } from './exit-codes.js';

/** What went wrong in the CLI itself. */
export type JobErrorCode =
  /** The arguments contradict each other or cannot be read. */
  | 'USAGE'
  /** An environment variable or the configuration file cannot be used. */
  | 'CONFIG'
  /** A file cannot be read or written. */
  | 'FILE'
  /** What was asked for is not in the journal. */
  | 'NOT_FOUND'
  /** No node answered. */
  | 'NODES_UNREACHABLE'
  /** Another worker of the group has another journal: two journals must not write the same ids. */
  | 'JOURNAL_NOT_SHARED'
  /** The engine's admin port does not answer, or not as one. */
  | 'ENGINE_UNREACHABLE'
  /** The engine's admin port refuses what was asked for. */
  | 'ENGINE_REFUSED';

/** A failure that the user can do something about: the message says what, `remedy` says how. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: JobErrorCode;
  readonly exitCode: ExitCode;
  /** The next step, as a whole sentence; null where the message says it. */
  readonly remedy: string | null;

  constructor(
    code: JobErrorCode,
    message: string,
    o: { remedy?: string; exitCode?: ExitCode; cause?: unknown } = {},
  ) {
    super(message, o.cause === undefined ? undefined : { cause: o.cause });
    this.code = code;
    this.exitCode = o.exitCode ?? EXIT_BY_CODE[code];
    this.remedy = o.remedy ?? null;
  }
}

const EXIT_BY_CODE: Readonly<Record<JobErrorCode, ExitCode>> = {
  USAGE: EXIT.usage,
  CONFIG: EXIT.usage,
  FILE: EXIT.usage,
  NOT_FOUND: EXIT.incomplete,
  NODES_UNREACHABLE: EXIT.unreachable,
  JOURNAL_NOT_SHARED: EXIT.usage,
  ENGINE_UNREACHABLE: EXIT.unreachable,
  ENGINE_REFUSED: EXIT.incomplete,
};
