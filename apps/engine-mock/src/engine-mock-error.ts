/** Why the engine could not be started, changed or used. What a client's call is answered is a status, not this. */
export type EngineMockErrorCode =
  /** An option is missing, of the wrong kind or out of its range. */
  | 'INVALID_OPTION'
  /** A fault plan names an unknown field, or a value out of its range. Nothing was changed. */
  | 'INVALID_FAULTS'
  /** The switch that was asked for is not possible now. Nothing was changed. */
  | 'SWITCH_REFUSED'
  /** Another process listens on the port. */
  | 'PORT_IN_USE'
  /** The operating system refused to listen for another reason. */
  | 'LISTEN_FAILED'
  /** The data folder cannot be written, or holds no sound database or one of a newer version. */
  | 'DATA_INVALID'
  /** The engine is closed. */
  | 'CLOSED';

const MARK = Symbol.for('@holdfast/engine-mock.error');

/** The one error class of the engine mock. `instanceof` holds across two copies of it. */
export class EngineMockError extends Error {
  override readonly name = 'EngineMockError';
  readonly code: EngineMockErrorCode;
  /** Whether repeating the same call may help, once another process has gone. */
  readonly retryable: boolean;

  constructor(code: EngineMockErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'PORT_IN_USE';
    Object.defineProperty(this, MARK, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}
