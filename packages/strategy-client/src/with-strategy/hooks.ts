import type { Metadata, ServiceError } from '@grpc/grpc-js';
import type { Logger } from '../logger.js';
import { type Failure, grpcFailure } from '../recovery/grpc-failure.js';
import { parseStrategy, type Strategy } from '../strategy.js';
import type { AnyCall, ResolvedWithStrategyOptions } from './options.js';

/**
 * The caller's functions. Those that make a request fail its call when they throw. Those that read a reply do not: the
 * call has had its effect, and its reply must not be lost to a mistake in reading it. That is logged, and nothing was read.
 */
export class Hooks {
  readonly #o: ResolvedWithStrategyOptions;
  readonly #logger: Logger;

  constructor(o: ResolvedWithStrategyOptions, logger: Logger) {
    this.#o = o;
    this.#logger = logger;
  }

  /** The request as it is sent with a session. */
  attach(call: AnyCall, session: unknown, metadata: Metadata): unknown {
    const attached = this.#o.session?.attach({ ...call, session, metadata });
    return attached === undefined ? call.request : attached;
  }

  isIdempotent(method: string): boolean {
    return this.#o.idempotent(method);
  }

  pinOf(call: AnyCall): string | undefined {
    return this.#o.pin.of(call) || undefined;
  }

  /** The id of what the call has begun. */
  startedBy(call: AnyCall, response: unknown): string | undefined {
    return this.#read('pin.start', () => this.#o.pin.start({ ...call, response })) || undefined;
  }

  isEndedBy(call: AnyCall): boolean {
    return this.#read('pin.end', () => this.#o.pin.end(call)) ?? false;
  }

  /** The deployment that a response announces. */
  wordIn(response: unknown): Strategy | null {
    return parseStrategy(this.#read('announced', () => this.#o.announced(response)));
  }

  classify(error: unknown): Failure {
    const failure = grpcFailure(error);
    if (!isServiceError(error)) return failure;
    if (this.#read('isMismatch', () => this.#o.isMismatch(error))) return { ...failure, kind: 'mismatch' };
    if (this.#o.session === undefined)
      return failure.kind === 'denied' ? { ...failure, kind: 'answered' } : failure;
    if (this.#read('session.isExpired', () => this.#o.isExpired(error)))
      return { ...failure, kind: 'denied' };
    return failure;
  }

  #read<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (err) {
      this.#logger.warn({ err, hook: what }, `${what} threw; the call goes on as if it had read nothing`);
      return undefined;
    }
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
