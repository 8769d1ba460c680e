/** Why the simulator could not be started, changed or used. What a node answers to a request is a reply, not this. */
export type ClusterSimErrorCode =
  /** An option is missing, of the wrong kind or out of its range. */
  | 'INVALID_OPTION'
  /** A fault plan names an unknown field or node, or a value out of its range. Nothing was changed. */
  | 'INVALID_FAULTS'
  /** Another process listens on the port. */
  | 'PORT_IN_USE'
  /** The operating system refused to listen for another reason. */
  | 'LISTEN_FAILED'
  /** Another simulator has the data folder open. */
  | 'DATA_IN_USE'
  /** A node's file is no sound database, or was written by a newer version. */
  | 'DATA_INVALID'
  /** No node of this cluster has the name. */
  | 'UNKNOWN_NODE'
  /** The simulator is closed. */
  | 'CLOSED';

/** Codes whose call may help when repeated, once the other process has gone. */
const RETRYABLE: ReadonlySet<ClusterSimErrorCode> = new Set(['PORT_IN_USE', 'DATA_IN_USE']);

const MARK = Symbol.for('@holdfast/cluster-sim.error');

/** The one error class of the simulator. `instanceof` holds across two copies of it. */
export class ClusterSimError extends Error {
  override readonly name = 'ClusterSimError';
  readonly code: ClusterSimErrorCode;
  /** Whether repeating the same call may help. */
  readonly retryable: boolean;

  constructor(code: ClusterSimErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    Object.defineProperty(this, MARK, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}
