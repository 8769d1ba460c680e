import { StrategyClientError } from '../errors.js';

/**
 * A connection of a pool in one caller's hands. Hold the lease for as long as the connection is used, best with
 * `await using`: a lease that is collected as garbage has its connection closed.
 */
export class PoolLease<C> implements AsyncDisposable {
  readonly #connection: C;
  readonly #giveBack: (discard: boolean) => Promise<void>;
  #given: Promise<void> | null = null;

  constructor(connection: C, giveBack: (discard: boolean) => Promise<void>) {
    this.#connection = connection;
    this.#giveBack = giveBack;
  }

  /** The connection. Throws `CLOSED` after release: then it may be another caller's. */
  get connection(): C {
    if (this.#given === null) return this.#connection;
    throw new StrategyClientError('CLOSED', 'this lease has been released; acquire another one');
  }

  /** Gives the connection back, once, however often it is called. Never rejects, and waits for no connection to close. */
  release(): Promise<void> {
    this.#given ??= this.#giveBack(false);
    return this.#given;
  }

  /** Gives the connection back to be closed: whoever knows that it is broken says so with this. */
  discard(): Promise<void> {
    this.#given ??= this.#giveBack(true);
    return this.#given;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
