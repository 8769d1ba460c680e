import { bounded, type CallOptions, checkCall } from '../call.js';
import type { LockKey, LockMode } from '../driver/index.js';
import { LockAcquireFailed, OperationTimedOut } from '../errors.js';
import type { Id } from '../ids.js';
import { type AcquireOptions, Acquisition } from './acquisition.js';
import type { Lease } from './lease.js';
import type { LockContext } from './lock-context.js';
import { LockHold } from './lock-hold.js';

/** An acquisition of this object; a shared one may be taken several times. */
interface Held {
  readonly lease: Lease;
  readonly context: LockContext;
  count: number;
}

/**
 * A distributed lock, exclusive or shared, with a fencing token. Exclusive is not re-entrant: a second `acquire` of the
 * same object waits, or is false when it does not wait. `release` acts on the latest acquisition of this object.
 *
 * What can still go wrong: a holder that is stopped (by the scheduler, a debugger, a long collection) may go on after its
 * lease has ended and somebody else holds the lock. `acquired` and `signal.aborted` tell it at its first look; code that
 * does not look can only be refused by a store that compares fencing tokens. `break` takes the lock without asking.
 */
export class Lock {
  /** The name as it was given. */
  readonly name: Id;
  readonly #key: LockKey;
  readonly #context: () => LockContext;
  /** The latest last. */
  readonly #held: Held[] = [];
  /** The first shared acquisition under way, which later ones of this object share. */
  #sharing: Promise<Held | null> | null = null;
  /** Before the first acquisition nothing was lost. */
  readonly #idle = new AbortController().signal;

  constructor(name: Id, key: LockKey, context: () => LockContext) {
    this.name = name;
    this.#key = key;
    this.#context = context;
  }

  /** Whether this object holds the lock, worked out now: within its local deadline, and the host was not suspended. */
  get acquired(): boolean {
    return this.#held.at(-1)?.lease.isVerified ?? false;
  }

  /** The fencing token of the latest acquisition, above that of every earlier holder; null when there is none. */
  get fencingToken(): bigint | null {
    return this.#held.at(-1)?.lease.fence ?? null;
  }

  /** Aborts when the lease of the latest acquisition is lost (not when it is released). One signal per acquisition. */
  get signal(): AbortSignal {
    return this.#held.at(-1)?.lease.signal ?? this.#idle;
  }

  /**
   * True when the lock is held now, false when it is busy and was not to be waited for (any longer). Rejects with the
   * signal's reason, and when the store cannot be reached (`OperationTimedOut` when it says nothing within `timeoutMs`). Waiters are served in their order; a writer that waits goes
   * before readers that come later.
   */
  async acquire(o: AcquireOptions = {}): Promise<boolean> {
    return (await this.#take(o)) !== null;
  }

  /** As `acquire`, but gives a hold for `await using`, and throws `LockAcquireFailed` where that would be false. */
  async hold(o: AcquireOptions = {}): Promise<LockHold> {
    const held = await this.#take(o);
    if (held) return new LockHold(this, held.lease, (how) => this.#letGo(held, how));
    const why =
      o.blocking === false || o.timeoutMs === 0
        ? 'it is held'
        : `it was still held after ${o.timeoutMs} ms (timeoutMs)`;
    throw new LockAcquireFailed(this.#key.id, why);
  }

  /**
   * True if the store had it for this acquisition and gives it up now; false if there was nothing to release, or the lease
   * had ended there. Never frees somebody else's. Rejects when the store cannot be reached: the lease then ends by its time.
   */
  async release(o?: CallOptions): Promise<boolean> {
    const held = this.#held.at(-1);
    return held ? this.#letGo(held, { quiet: false, ...o }) : false;
  }

  /** Takes the lock from whoever holds it, readers too: true if somebody did. The holder notices soon, not at once. */
  break(o?: CallOptions): Promise<boolean> {
    return this.#context().session.call(`breaking lock ${this.#quoted}`, o, (driver) =>
      driver.revoke(this.#key, 'break'),
    );
  }

  /** Whether the store says so. Unlike `acquired`, this asks it. */
  async isStillOwner(o?: CallOptions): Promise<boolean> {
    const lease = this.#held.at(-1)?.lease;
    if (!lease) return false;
    const reading = await this.#context().session.call(`looking at lock ${this.#quoted}`, o, (driver) =>
      driver.inspect(this.#key),
    );
    return reading.holders.some((holder) => holder.fence === lease.fence);
  }

  /** Renews the lease now, heart or not: false if there is none or it was lost. */
  async heartbeat(o?: CallOptions): Promise<boolean> {
    const lease = this.#held.at(-1)?.lease;
    if (!lease) return false;
    const { session, renew } = this.#context();
    return session.call(`renewing lock ${this.#quoted}`, o, () => renew(lease));
  }

  #take(o: AcquireOptions): Promise<Held | null> {
    return o.shared ? this.#takeShared(o) : this.#acquireAs('exclusive', o);
  }

  async #takeShared(o: AcquireOptions): Promise<Held | null> {
    checkCall(o);
    const mine = this.#share();
    if (mine) return mine;
    if (this.#sharing && o.blocking !== false && o.timeoutMs !== 0)
      return this.#joinSharing(this.#sharing, o);
    const sharing = this.#acquireAs('shared', o);
    this.#sharing = sharing;
    return sharing.finally(() => {
      if (this.#sharing === sharing) this.#sharing = null;
    });
  }

  /** One more of a shared lease that this object has: a second place in the queue could wait for a writer that waits for us. */
  #share(): Held | null {
    const latest = this.#held.at(-1);
    if (latest?.lease.mode !== 'shared' || !latest.lease.isVerified) return null;
    latest.count++;
    return latest;
  }

  /** Waits for what this object is acquiring already, for the same reason; then tries again with the time that is left. */
  async #joinSharing(sharing: Promise<Held | null>, o: AcquireOptions): Promise<Held | null> {
    const { clock } = this.#context().session;
    const since = clock.monotonic();
    const timeout: unknown = await bounded(clock, `acquiring lock ${this.#quoted}`, sharing, o).then(
      () => null,
      (error: unknown) => error,
    );
    if (o.signal?.aborted) throw o.signal.reason;
    if (timeout instanceof OperationTimedOut) return null;
    if (o.timeoutMs === undefined) return this.#take(o);
    return this.#take({ ...o, timeoutMs: Math.max(1, o.timeoutMs - (clock.monotonic() - since)) });
  }

  async #acquireAs(mode: LockMode, o: AcquireOptions): Promise<Held | null> {
    const context = this.#context();
    const ref = { lock: this.#key, token: context.session.nextToken(), mode };
    const lease = await new Acquisition(context, ref, o).run();
    if (!lease) return null;
    const held = { lease, context, count: 1 };
    // What was lost and never released has nothing left to release.
    for (let at = this.#held.length - 1; at >= 0; at--)
      if (!this.#held[at]?.lease.isHeld) this.#held.splice(at, 1);
    this.#held.push(held);
    return held;
  }

  async #letGo(held: Held, o: CallOptions & { readonly quiet: boolean }): Promise<boolean> {
    checkCall(o);
    const at = this.#held.indexOf(held);
    if (at < 0) return false;
    if (--held.count > 0) return held.lease.isHeld;
    this.#held.splice(at, 1);
    const { lease, context } = held;
    const { session, leases, abandoned } = context;
    const wasLost = !lease.isHeld;
    leases.drop(lease);
    lease.released();
    if (session.ended.aborted) return false; // Stopping has released it.
    if (wasLost && o.quiet) {
      // Most often the store cannot be reached; the end of a scope does not wait for it.
      await abandoned.giveUp(lease);
      return false;
    }
    try {
      return await session.call(this.#releasing, o, (driver) => driver.release(lease));
    } catch (error) {
      void abandoned.giveUp(lease);
      if (!o.quiet) throw error;
      session.logger.warn(
        { lock: this.#key.id, err: error },
        'a lock was not released; its lease will end it',
      );
      return false;
    }
  }

  /** Made only when it is wanted: most releases are never named. */
  readonly #releasing = (): string => `releasing lock ${this.#quoted}`;

  get #quoted(): string {
    return JSON.stringify(this.#key.id);
  }
}
