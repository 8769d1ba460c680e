import type { Lease } from './lease.js';
import type { Lock } from './lock.js';

/**
 * One acquisition of a lock, for `await using`. Leaving the scope releases it and never throws, so that an error of the
 * scope's body is the one that is seen; a release that failed is logged, tried again, and ended by the lease. What can
 * still go wrong: see `Lock`.
 */
export class LockHold {
  readonly lock: Lock;
  /** Above that of every earlier holder; give it to every store that the lock guards. */
  readonly fencingToken: bigint;
  readonly #lease: Lease;
  readonly #release: (o: { readonly quiet: boolean }) => Promise<boolean>;
  #isOver = false;

  constructor(lock: Lock, lease: Lease, release: (o: { readonly quiet: boolean }) => Promise<boolean>) {
    this.lock = lock;
    this.fencingToken = lease.fence;
    this.#lease = lease;
    this.#release = release;
  }

  /** Aborts when the lease is lost; `aborted` is worked out when it is read. */
  get signal(): AbortSignal {
    return this.#lease.signal;
  }

  /** Releases this acquisition: true if it was still held, false if it was lost or released before. */
  release(): Promise<boolean> {
    return this.#once({ quiet: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#once({ quiet: true });
  }

  /** A share that several holds count on is not given up twice by one. */
  async #once(o: { readonly quiet: boolean }): Promise<boolean> {
    if (this.#isOver) return false;
    this.#isOver = true;
    return this.#release(o);
  }
}
