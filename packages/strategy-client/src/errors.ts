import type { Strategy } from './strategy.js';

/** Every failure that this package reports by throwing. */
export type StrategyClientErrorCode =
  /** An option or argument is outside its limits. Nothing was sent. */
  | 'INVALID_ARGUMENT'
  /** The connection, cursor, pool or manager is closed, or a query was ended before its last row. */
  | 'CLOSED'
  /** A library that this feature needs (ioredis) is not installed. */
  | 'MISSING_DEPENDENCY'
  /** The engine refuses these credentials. Not retried. */
  | 'AUTHENTICATION'
  /** Neither deployment accepts calls. */
  | 'STRATEGY_DETECTION'
  /** The deployment on which the query ran is gone, and with it the rest of the result. */
  | 'DEPLOYMENT_GONE'
  /** A call that must not be repeated was sent and its answer lost: it may or may not have taken effect. */
  | 'LOST_AFTER_SEND'
  /** The engine cannot be reached, or answers nothing useful, after all attempts; nothing was lost by that. */
  | 'UNAVAILABLE'
  /** The cluster is suspended and does not become active. */
  | 'RESUME_FAILED'
  /** The engine answered with an error of its own: bad SQL, an unknown table, a query that it does not know. */
  | 'QUERY_FAILED'
  /** The engine does not have this call. */
  | 'NOT_IMPLEMENTED'
  /** The operation can't be done at all (rollback). */
  | 'NOT_SUPPORTED'
  /** No connection of the pool came free in time. */
  | 'POOL_TIMEOUT'
  /** A message is larger than `maxMessageBytes`, or a batch claims more rows or values than `maxRows` or `maxCells`. */
  | 'MESSAGE_TOO_LARGE'
  /** Metadata or a batch is not what the format says. */
  | 'MALFORMED'
  /** A vector type that has no value in TypeScript. */
  | 'UNSUPPORTED_VECTOR_TYPE'
  /** A value does not fit what the caller asked for (`int64: 'number'`), or its column. */
  | 'VALUE_OUT_OF_RANGE'
  /** The shared store of the routing target failed. */
  | 'STORE';

/** Codes whose call may simply be repeated. */
const RETRYABLE: ReadonlySet<StrategyClientErrorCode> = new Set([
  'STRATEGY_DETECTION',
  'UNAVAILABLE',
  'POOL_TIMEOUT',
  'STORE',
]);

const MARK = Symbol.for('@holdfast/strategy-client.error');

/**
 * The base of all errors of this package; `code` tells them apart. Subclasses carry data. `instanceof` holds across two
 * copies of the package.
 */
export class StrategyClientError extends Error {
  override readonly name: string = 'StrategyClientError';
  readonly code: StrategyClientErrorCode;
  /** Whether repeating the same call may help and can do no harm. */
  readonly retryable: boolean;

  constructor(code: StrategyClientErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** By the chain of prototypes, or by the name of the class, which a second copy of this package gives it as well. */
function isInstance(this: { readonly name: string }, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !(MARK in value)) return false;
  if (this.name === 'StrategyClientError' || byPrototype.call(this, value)) return true;
  return 'name' in value && value.name === this.name;
}
const byPrototype: (this: unknown, value: unknown) => boolean = Function.prototype[Symbol.hasInstance];
Object.defineProperty(StrategyClientError, Symbol.hasInstance, { value: isInstance });

/** The engine refuses the user or password; asking again would not help. */
export class AuthenticationError extends StrategyClientError {
  override readonly name = 'AuthenticationError';
  readonly strategy: Strategy;
  constructor(strategy: Strategy, why: string, options?: { cause?: unknown }) {
    super(
      'AUTHENTICATION',
      `the ${strategy} deployment refuses to authenticate (${why}); check username and password`,
      options,
    );
    this.strategy = strategy;
  }
}

/** Neither deployment accepted a call within the attempts allowed. */
export class StrategyDetectionError extends StrategyClientError {
  override readonly name = 'StrategyDetectionError';
  readonly attempts: number;
  constructor(attempts: number, options?: { cause?: unknown }) {
    super(
      'STRATEGY_DETECTION',
      `neither blue nor green accepts calls after ${attempts} attempts (maxRetryAttempts); check that one of them is active and that clusterName is right, then try again`,
      options,
    );
    this.attempts = attempts;
  }
}

/**
 * The deployment on which a query ran is gone, and with it what was left of the result. The query itself was executed;
 * running it again is safe only if it changes nothing.
 */
export class DeploymentGoneError extends StrategyClientError {
  override readonly name = 'DeploymentGoneError';
  readonly strategy: Strategy;
  /** The RPC that found out. */
  readonly rpc: string;
  /** Rows that the caller had got before. */
  readonly rowsDelivered: number;
  /** `what` ended with the deployment, and what to do about it: by default a query, which may be run again. */
  constructor(o: {
    strategy: Strategy;
    rpc: string;
    rowsDelivered: number;
    what?: string;
    remedy?: string;
    cause?: unknown;
  }) {
    const remedy =
      o.remedy ??
      'run the query again if it only reads, pass idempotent: true to have that done as long as no row was delivered, or lengthen the drain';
    super(
      'DEPLOYMENT_GONE',
      `the ${o.strategy} deployment ended before ${o.what ?? 'the query'} did (${o.rpc}, ${o.rowsDelivered} rows delivered); ${remedy}`,
      { cause: o.cause },
    );
    this.strategy = o.strategy;
    this.rpc = o.rpc;
    this.rowsDelivered = o.rowsDelivered;
  }
}

/**
 * A call that must not be repeated was sent and its answer lost. An `executeStatement` may or may not have taken effect;
 * after a lost batch the result cannot be continued.
 */
export class LostAfterSend extends StrategyClientError {
  override readonly name = 'LostAfterSend';
  /** The RPC whose answer is missing. */
  readonly rpc: string;
  /** Rows (or messages of a stream) that the caller had got before. */
  readonly rowsDelivered: number;
  constructor(o: { rpc: string; rowsDelivered: number; cause?: unknown }) {
    super(
      'LOST_AFTER_SEND',
      `the answer to ${o.rpc} was lost after it was sent (${o.rowsDelivered} rows delivered); check whether it took effect before running it again, or pass idempotent: true where a repetition does no harm`,
      { cause: o.cause },
    );
    this.rpc = o.rpc;
    this.rowsDelivered = o.rowsDelivered;
  }
}

/** The engine answered with an error of its own. */
export class QueryFailed extends StrategyClientError {
  override readonly name = 'QueryFailed';
  readonly rpc: string;
  /** The gRPC status code of the answer. */
  readonly grpcCode: number;
  constructor(rpc: string, grpcCode: number, details: string, options?: { cause?: unknown }) {
    super('QUERY_FAILED', `the engine refuses ${rpc}: ${details}`, options);
    this.rpc = rpc;
    this.grpcCode = grpcCode;
  }
}

/** Metadata or a batch is not what the format says. */
export class MalformedBytes extends StrategyClientError {
  override readonly name = 'MalformedBytes';
  /** Where in the bytes. */
  readonly offset: number;
  constructor(what: string, offset: number) {
    super(
      'MALFORMED',
      `${what} at byte ${offset}; the sender does not speak this format, or the message was cut`,
    );
    this.offset = offset;
  }
}
