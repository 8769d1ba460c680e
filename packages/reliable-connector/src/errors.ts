/** Every failure that this package reports by throwing; what a node or a saga answers is an `Outcome`, not an error. */
export type ReliableConnectorErrorCode =
  /** An option, id or argument is outside its limits. Nothing was done. */
  | 'INVALID_ARGUMENT'
  /** The idempotency key belongs to a call with other arguments (S9). */
  | 'IDEMPOTENCY_MISMATCH'
  /** No saga has this id or key, or it is not in a state that allows the call. */
  | 'SAGA_NOT_FOUND'
  /** `better-sqlite3` is not installed. */
  | 'MISSING_DEPENDENCY'
  /** The journal was bound to other nodes (4.3). */
  | 'JOURNAL_OTHER_CLUSTER'
  /** The journal's file is not a sound database; it is never re-created silently. */
  | 'JOURNAL_DAMAGED'
  /** The journal was written by a newer version of this package. */
  | 'JOURNAL_TOO_NEW'
  /** A commit failed (disk full, I/O error): the journal takes nothing more, and nothing is acknowledged. */
  | 'JOURNAL_STOPPED'
  /** The journal could not be reached in time: another process held it for longer than the bound. */
  | 'JOURNAL_BUSY'
  /** A higher leadership term has used this journal. */
  | 'LEADERSHIP_STALE'
  /** The leadership of this connector has ended; it sends nothing more. */
  | 'LEADERSHIP_LOST'
  /** Another process took this saga over; its outcome is that process's to tell. */
  | 'DEPOSED'
  /** The connector is closed, or was closed while the saga ran; the journal has it, recovery ends it. */
  | 'CLOSED'
  /** No node gave a usable answer to a read within its deadline. */
  | 'NODES_UNREACHABLE';

/** Codes whose call may simply be repeated. */
const RETRYABLE: ReadonlySet<ReliableConnectorErrorCode> = new Set([
  'JOURNAL_BUSY',
  'NODES_UNREACHABLE',
  'DEPOSED',
]);

const MARK = Symbol.for('@holdfast/reliable-connector.error');

/** The one error class of this package. `instanceof` holds across two copies of the package. */
export class ReliableConnectorError extends Error {
  override readonly name = 'ReliableConnectorError';
  readonly code: ReliableConnectorErrorCode;
  /** Whether repeating the same call may help. */
  readonly retryable: boolean;

  constructor(code: ReliableConnectorErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    Object.defineProperty(this, MARK, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}
