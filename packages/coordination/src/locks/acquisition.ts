import type { AcquireReply, AcquireRequest, LeaseRef } from '../driver/index.js';
import { CoordinationError, OperationTimedOut } from '../errors.js';
import { checkedWait } from '../in-range.js';
import { onAbort } from '../on-abort.js';
import type { Lease } from './lease.js';
import type { LockContext } from './lock-context.js';
import { Waiter } from './waiter.js';

export interface AcquireOptions {
  /** Wait until the lock is free. Default true. */
  readonly blocking?: boolean;
  /** Give up waiting after this many ms; 0 does not wait. Default: wait without end. */
  readonly timeoutMs?: number;
  /** Take it together with other readers. Default false. */
  readonly shared?: boolean;
  /** Give up when it aborts, and reject with its reason. */
  readonly signal?: AbortSignal;
}

/** How often an acquisition is sent again whose lease had ended before the answer came. */
const MAX_BORN_DEAD = 3;
/** What a waiter takes for the answer of a store that cannot be reached just now: it tries again soon. */
const UNHEARD: AcquireReply = { status: 'queued', retryAfterMs: 100 };

/**
 * One acquisition, from the request to the lease or to nothing: one request when the lock is free, a place in the store's
 * queue when it is not. However it ends, nothing of it stays in the store but the lease that it returned; where the store
 * could not be told, for no longer than a lease lasts.
 */
export class Acquisition {
  readonly #context: LockContext;
  readonly #request: AcquireRequest;
  readonly #o: AcquireOptions;
  readonly #waiter: Waiter;
  #over: 'timed-out' | 'aborted' | 'stopped' | null = null;
  #onOver: (() => void) | null = null;
  #unwatch: (() => void) | null = null;
  /** Monotonic time of the last answer of the store. */
  #heardAt: number | null = null;

  constructor(context: LockContext, ref: LeaseRef, o: AcquireOptions) {
    const { options, clock } = context.session;
    if (o.timeoutMs !== undefined) checkedWait('timeoutMs', o.timeoutMs);
    this.#context = context;
    this.#o = o;
    this.#request = {
      lock: ref.lock,
      token: ref.token,
      mode: ref.mode,
      ttlMs: options.lockTtlMs,
      wait: (o.blocking ?? true) && o.timeoutMs !== 0,
      waiterTtlMs: options.lockTtlMs,
      claimTimeoutMs: options.claimTimeoutMs,
    };
    this.#waiter = new Waiter(clock, ref, this.#request.wait);
  }

  /**
   * The lease, or null: busy and not to wait, or still busy after `timeoutMs`. Rejects with the signal's reason, with
   * `NOT_STARTED` when the coordinator stops, with `OperationTimedOut` when the store said nothing within `timeoutMs`, and
   * with the driver's error when the store cannot be reached: at the first request at once, in a wait after as long as a
   * lease lasts.
   */
  async run(): Promise<Lease | null> {
    const { session, waiters, leases, abandoned } = this.#context;
    if (session.stopping.aborted) throw session.stopping.reason;
    if (this.#o.signal?.aborted) throw this.#o.signal.reason;
    if (this.#o.signal || this.#o.timeoutMs) this.#watchEnd();
    waiters.add(this.#waiter);
    let lease: Lease | null = null;
    try {
      const granted = await this.#persist();
      if (granted && !this.#isWanted) leases.drop(granted);
      else lease = granted;
      if (this.#over === 'aborted') throw this.#o.signal?.reason;
      if (this.#over === 'stopped') throw session.stopping.reason;
      // Busy is what the store said; where it said nothing, nobody knows.
      if (this.#over === 'timed-out' && this.#heardAt === null)
        throw new OperationTimedOut(`acquiring lock ${this.#name}`, this.#o.timeoutMs ?? 0);
      return lease;
    } finally {
      this.#unwatch?.();
      // A refusal leaves nothing behind; whatever else ended without a lease may have.
      if (!lease && this.#left) await abandoned.giveUp(this.#waiter.ref);
      waiters.remove(this.#waiter);
    }
  }

  get #name(): string {
    return JSON.stringify(this.#request.lock.id);
  }

  /** Whether the caller takes a lease that is granted only now: one that has waited for long enough does. */
  get #isWanted(): boolean {
    return this.#over === null || this.#over === 'timed-out';
  }

  /** Whether something of this acquisition may be in the store. */
  #left = true;

  async #persist(): Promise<Lease | null> {
    for (let bornDead = 0; !this.#over; ) {
      const sent = this.#context.leases.instant();
      const reply = await this.#send(sent.at);
      if (reply === null) return null;
      if (reply !== UNHEARD) this.#heardAt = sent.at;
      if (reply.status === 'refused') {
        this.#left = false;
        return null;
      }
      if (reply.status === 'granted') {
        const lease = this.#context.leases.granted(this.#waiter.ref, { fence: reply.fence, sent });
        if (lease.isHeld) return lease;
        // The answer took longer than the lease; its own token is success, with a full lease from a new sending.
        this.#context.leases.drop(lease);
        if (++bornDead > MAX_BORN_DEAD) throw tooSlow(this.#request);
      } else await this.#wait(reply.retryAfterMs);
    }
    return null;
  }

  /** The store's answer; null when the acquisition is over first. */
  #send(sentAt: number): Promise<AcquireReply | null> {
    const call = this.#context.session.driver.acquire(this.#request);
    // The first request of a caller who sets no bounds: the answer, and the error, are the caller's.
    return this.#unwatch ? this.#answerOf(call, sentAt) : call;
  }

  async #answerOf(call: Promise<AcquireReply>, sentAt: number): Promise<AcquireReply | null> {
    const { session, abandoned } = this.#context;
    try {
      const reply = await this.#unlessOver(call);
      // A grant that comes too late is given back again, in case the release overtook it.
      if (reply === null) void call.then(() => abandoned.giveUp(this.#waiter.ref)).catch(() => {});
      return reply;
    } catch (error) {
      const passing = error instanceof CoordinationError && error.retryable && this.#heardAt !== null;
      if (!passing || sentAt - (this.#heardAt ?? 0) > session.options.lockTtlMs) throw error;
      return UNHEARD;
    }
  }

  /** Waits for a hint, a beat's word, or the time that the store named. */
  async #wait(retryAfterMs: number | null): Promise<void> {
    const { session, isBeating } = this.#context;
    this.#watchEnd();
    const { lockTtlMs, pollMs } = session.options;
    // Without a heart this request itself has to keep the place in the queue.
    this.#waiter.atMostMs = isBeating() ? lockTtlMs : lockTtlMs / 3;
    if (!session.push.stands) {
      this.#waiter.atMostMs = Math.min(this.#waiter.atMostMs, pollMs);
      // The first hint may have been missed: look once more when they come.
      session.push.ensure().then(
        () => this.#waiter.retryWithin(0),
        () => {},
      );
    }
    this.#waiter.retryWithin(Math.min(retryAfterMs ?? lockTtlMs, this.#waiter.atMostMs));
    if (!this.#over) await this.#waiter.due();
  }

  #unlessOver<T>(call: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#onOver = () => resolve(null);
      if (this.#over) resolve(null);
      call.then(resolve, reject);
    });
  }

  #watchEnd(): void {
    if (this.#unwatch) return;
    const { session } = this.#context;
    const end = (how: 'timed-out' | 'aborted' | 'stopped'): void => {
      this.#over ??= how;
      this.#onOver?.();
      this.#waiter.interrupt();
    };
    const { timeoutMs, signal } = this.#o;
    const cancel = timeoutMs ? session.clock.schedule(timeoutMs, () => end('timed-out')) : undefined;
    const unlinkSignal = onAbort(signal, () => end('aborted'));
    const unlinkStop = onAbort(session.stopping, () => end('stopped'));
    this.#unwatch = () => {
      cancel?.();
      unlinkSignal();
      unlinkStop();
    };
  }
}

function tooSlow(request: AcquireRequest): CoordinationError {
  return new CoordinationError(
    'TIMED_OUT',
    `lock ${JSON.stringify(request.lock.id)} was granted ${MAX_BORN_DEAD} times, each time later than its lease of ` +
      `${request.ttlMs} ms (lockTtlMs) lasts; give a longer one, or find out why the store is so slow`,
  );
}
