import type { Clock } from '../clock.js';
import type { LeaseRef, LockKey, LockMode } from '../driver/index.js';
import { CoordinationError } from '../errors.js';
import { type ComputedSignal, computedSignal } from './computed-signal.js';
import type { Instant, Suspension } from './suspension.js';

/** What all leases of a coordinator share. */
export interface LeaseTerms {
  readonly clock: Clock;
  readonly suspension: Suspension;
  readonly ttlMs: number;
  /** Kept free before the store lets the lease go: for clocks that drift, and for the way there. */
  readonly marginMs: number;
}

/** The margin of a lease: 2 % of its time, at least 50 ms. */
export const marginOf = (ttlMs: number): number => Math.max(50, ttlMs * 0.02);

type LeaseState = 'held' | 'released' | 'lost';

/**
 * One acquisition of a lock. Validity counts from when the successful call was sent, on a monotonic clock, and is worked
 * out whenever somebody looks. What can still go wrong: code that does not look, or that is stopped after it looked, may
 * write after the lease has ended. Only a store that compares the fencing token can refuse that.
 */
export class Lease implements LeaseRef {
  readonly lock: LockKey;
  readonly token: string;
  readonly mode: LockMode;
  readonly fence: bigint;
  readonly #terms: LeaseTerms;
  #state: LeaseState = 'held';
  /** Monotonic ms. */
  #deadline: number;
  /** When the call was sent that the store granted or renewed it by. */
  #confirmed: Instant;
  #why: CoordinationError | null = null;
  #signal: ComputedSignal | null = null;
  #cancelTimer: (() => void) | null = null;
  #onLost: ((why: CoordinationError) => void) | null = null;

  constructor(terms: LeaseTerms, ref: LeaseRef, grant: { readonly fence: number; readonly sent: Instant }) {
    this.lock = ref.lock;
    this.token = ref.token;
    this.mode = ref.mode;
    this.fence = BigInt(grant.fence);
    this.#terms = terms;
    this.#deadline = grant.sent.at + terms.ttlMs - terms.marginMs;
    this.#confirmed = grant.sent;
  }

  /** Not released, and within the local deadline. Stays false once it was. */
  get isHeld(): boolean {
    return this.#state === 'held' && this.#overdue() === null;
  }

  /** As `isHeld`, and the host was not suspended since the call that the store confirmed: a renewal makes it true again. */
  get isVerified(): boolean {
    return this.isHeld && this.#terms.suspension.since(this.#confirmed) <= this.#terms.marginMs;
  }

  /** Aborts when the lease is lost, not when it is released. */
  get signal(): AbortSignal {
    return this.#observed().signal;
  }

  /** Called once when the lease is lost, and not when it is released. Its own timer watches the deadline. */
  onLost(action: (why: CoordinationError) => void): void {
    this.#onLost = action;
    this.#observed();
  }

  /** The store renewed it by a call that was sent then. */
  renewed(sent: Instant): void {
    if (!this.isHeld || sent.at < this.#confirmed.at) return;
    this.#deadline = sent.at + this.#terms.ttlMs - this.#terms.marginMs;
    this.#confirmed = sent;
  }

  /** Given up by its owner: from here on no renewal and no loss is reported, but for one that has been seen already. */
  released(): void {
    const over = this.#state === 'held' ? this.#overdue() : null;
    if (over) this.#end(over);
    else if (this.#state === 'held') this.#state = 'released';
    this.#stopWatching();
  }

  /** It has ended, by the word of the store or by the clock. */
  lost(why: string): void {
    if (this.#state !== 'held') return;
    this.#end(this.#overdue() ?? this.#lossError(why));
  }

  #observed(): ComputedSignal {
    this.#signal ??= computedSignal(() => {
      if (this.#state === 'released') return null;
      // A host that was suspended is noticed here, and the heart asks the store; meanwhile `isVerified` is false.
      this.#terms.suspension.notice();
      return this.#why ?? this.#overdue();
    });
    if (this.#state === 'held' && !this.#cancelTimer) this.#watchDeadline();
    return this.#signal;
  }

  #watchDeadline(): void {
    const { clock } = this.#terms;
    this.#cancelTimer = clock.schedule(this.#deadline - clock.monotonic(), () => {
      const over = this.#overdue();
      if (over) this.#end(over);
      else this.#watchDeadline();
    });
  }

  #overdue(): CoordinationError | null {
    if (this.#terms.clock.monotonic() < this.#deadline) return null;
    this.#why ??= this.#lossError('it was not renewed in time');
    return this.#why;
  }

  #end(why: CoordinationError): void {
    this.#state = 'lost';
    this.#why = why;
    this.#stopWatching();
    this.#signal?.abort(why);
    this.#onLost?.(why);
  }

  #stopWatching(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #lossError(why: string): CoordinationError {
    return new CoordinationError(
      'LEASE_LOST',
      `the lease on ${JSON.stringify(this.lock.id)} (fencing token ${this.fence}) has ended: ${why}; ` +
        'stop what it guards, and acquire the lock again',
    );
  }
}
