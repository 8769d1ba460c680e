import { StrategyClientError } from '../errors.js';
import { PoolLease } from './pool-lease.js';
import {
  acquireTimeout,
  type PooledConnection,
  type PoolOptions,
  type ResolvedPoolOptions,
  resolvePoolOptions,
} from './pool-options.js';
import { type Ending, lineFull, type PoolStats, waitedInVain } from './pool-stats.js';
import { closeOne, fault, openOne } from './steps.js';
import { WaitingLine } from './waiting-line.js';

export interface AcquireOptions {
  /** Ends the wait. What has been acquired is not touched by it. */
  readonly signal?: AbortSignal;
  /** How long to wait, ms. Default: `acquireTimeoutMs` of the pool. */
  readonly timeoutMs?: number;
}

/** A connection and what the pool knows of it. No lease is reachable from here: a forgotten one must be collected. */
interface Slot<C> {
  readonly connection: C;
  readonly openedAt: number;
  idleSince: number;
}

/** A ping that takes longer, ms, is no reason for a caller to wait while another connection could be had. */
const PING_PATIENCE_MS = 500;

/**
 * Connections for many callers. Who comes first is served first. At most `maxSize + maxOverflow` exist at a time,
 * counting those that are being opened or closed: a place is taken in the same step as it is found free, and freed when
 * its connection has gone. Nothing waits for a ping but the connection that is pinged.
 *
 * When opening fails, who has waited longest gets that error; nothing is tried again behind its back.
 */
export class ConnectionPool<C extends PooledConnection> implements AsyncDisposable {
  readonly #o: ResolvedPoolOptions<C>;
  readonly #line: WaitingLine<PoolLease<C>>;
  readonly #ending = new AbortController();
  readonly #forgotten: FinalizationRegistry<Slot<C>>;
  /** The one used last is last, and taken first. */
  readonly #idle: Slot<C>[] = [];
  readonly #leased = new Set<Slot<C>>();
  /** Connections that exist or are coming about. */
  #places = 0;
  /** Under way; each will serve one caller. */
  #opens = 0;
  /** Under way for not too long; each will serve one caller. */
  #pings = 0;
  #closed: Promise<void> | null = null;
  #onChange: () => void = () => {};
  readonly #endings: Record<Ending, number> = {
    broken: 0,
    recycled: 0,
    surplus: 0,
    reclaimed: 0,
    'pool closed': 0,
  };
  #opened = 0;
  #gone = 0;
  #openFailures = 0;
  #timeouts = 0;

  /** Starts to open `minSize` connections. */
  constructor(options: PoolOptions<C>) {
    this.#o = resolvePoolOptions(options);
    this.#line = new WaitingLine(this.#o.clock);
    this.#forgotten = new FinalizationRegistry((slot) => this.#reclaim(slot));
    this.#fill();
  }

  /**
   * A connection that is yours until you release the lease. Rejects with `POOL_TIMEOUT` when none came free in time or
   * too many wait, with what `open` threw when opening one failed, with the signal's reason, or with `CLOSED`.
   */
  async acquire(options: AcquireOptions = {}): Promise<PoolLease<C>> {
    if (this.#closed) throw poolClosed();
    options.signal?.throwIfAborted();
    const timeoutMs = acquireTimeout('timeoutMs', options.timeoutMs ?? this.#o.acquireTimeoutMs);
    if (this.#line.length >= this.#o.maxWaiting) throw lineFull(this.stats(), this.#o);
    const timeoutError = (): Error => {
      this.#timeouts += 1;
      return waitedInVain(timeoutMs, this.stats(), this.#o);
    };
    const lease = this.#line.join({ timeoutMs, signal: options.signal, timeoutError });
    this.#pump();
    this.#fill();
    return lease;
  }

  /** Acquires a connection, lets `work` have it, and releases it whatever happens. */
  async use<T>(work: (connection: C) => Promise<T>, options: AcquireOptions = {}): Promise<T> {
    const lease = await this.acquire(options);
    try {
      return await work(lease.connection);
    } finally {
      await lease.release();
    }
  }

  stats(): PoolStats {
    const { broken, recycled, surplus, reclaimed } = this.#endings;
    return {
      size: this.#places,
      idle: this.#idle.length,
      leased: this.#leased.size,
      waiting: this.#line.length,
      opened: this.#opened,
      closed: this.#gone,
      openFailures: this.#openFailures,
      broken,
      recycled,
      surplus,
      reclaimed,
      timeouts: this.#timeouts,
    };
  }

  /**
   * Refuses whoever waits or comes, waits up to `closeTimeoutMs` for leases to be released, then closes also what is
   * still in use. Resolves when all connections are closed; never rejects.
   */
  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Prepares a connection for every caller that none is being prepared for: an idle one even while another opens. */
  #pump(): void {
    while (this.#line.length > this.#pings) {
      const slot = this.#idle.pop();
      if (!slot) break;
      this.#take(slot);
    }
    while (this.#unserved() && this.#places < this.#o.maxSize + this.#o.maxOverflow) void this.#open();
  }

  #unserved(): boolean {
    return this.#line.length > this.#pings + this.#opens;
  }

  #fill(): void {
    while (!this.#closed && this.#places < this.#o.minSize) void this.#open();
  }

  #take(slot: Slot<C>): void {
    const { clock, prePing, pingIdleMs } = this.#o;
    const worn = this.#worn(slot);
    if (worn) void this.#end(slot, worn);
    else if (prePing && clock.monotonic() - slot.idleSince >= pingIdleMs) void this.#check(slot);
    else this.#offer(slot);
  }

  #worn({ connection, openedAt }: Slot<C>): Ending | null {
    if (connection.isClosed) return 'broken';
    return this.#o.clock.monotonic() - openedAt >= this.#o.recycleMs ? 'recycled' : null;
  }

  async #open(): Promise<void> {
    this.#places += 1;
    this.#opens += 1;
    try {
      const connection = await openOne(this.#o, this.#ending.signal);
      this.#opened += 1;
      this.#opens -= 1;
      const now = this.#o.clock.monotonic();
      this.#offer({ connection, openedAt: now, idleSince: now });
    } catch (err) {
      this.#openFailures += 1;
      this.#opens -= 1;
      this.#freePlace();
      if (!this.#closed) this.#o.logger.warn({ err }, 'opening a connection of the pool failed');
      if (this.#unserved()) this.#line.refuse(err);
      this.#pump();
    }
  }

  async #check(slot: Slot<C>): Promise<void> {
    this.#pings += 1;
    let counted = true;
    const uncount = (): void => {
      if (counted) this.#pings -= 1;
      counted = false;
    };
    const cancel = this.#o.clock.schedule(PING_PATIENCE_MS, () => {
      uncount();
      this.#pump();
    });
    const found = await fault(this.#o, slot.connection, this.#ending.signal);
    cancel();
    uncount();
    if (!found) this.#offer(slot);
    else if (this.#closed) void this.#end(slot, 'pool closed');
    else {
      this.#o.logger.info(found, 'a connection of the pool does not answer and is replaced');
      void this.#end(slot, 'broken');
    }
    this.#pump();
  }

  /** A connection without a user: to who has waited longest, else back, else away. */
  #offer(slot: Slot<C>): void {
    const worn = this.#closed ? 'pool closed' : slot.connection.isClosed ? 'broken' : null;
    if (worn) void this.#end(slot, worn);
    else if (this.#line.serve(() => this.#lease(slot))) return;
    else if (this.#idle.length >= this.#o.maxSize) void this.#end(slot, 'surplus');
    else {
      slot.idleSince = this.#o.clock.monotonic();
      this.#idle.push(slot);
    }
  }

  #lease(slot: Slot<C>): PoolLease<C> {
    this.#leased.add(slot);
    const lease = new PoolLease(slot.connection, (discard) => this.#giveBack(slot, discard));
    this.#forgotten.register(lease, slot, slot);
    return lease;
  }

  async #giveBack(slot: Slot<C>, discard: boolean): Promise<void> {
    this.#forgotten.unregister(slot);
    // False where the pool has closed it under its user.
    if (!this.#leased.delete(slot)) return;
    this.#onChange();
    const worn = discard ? 'broken' : this.#worn(slot);
    if (worn) void this.#end(slot, worn);
    else this.#offer(slot);
  }

  /** Its user may have kept the connection and dropped the lease, so nobody else gets it. */
  #reclaim(slot: Slot<C>): void {
    if (!this.#leased.delete(slot)) return;
    this.#o.logger.warn(
      {},
      'a lease of the pool was forgotten, and its connection is closed; hold the lease and release it, best with "await using"',
    );
    void this.#end(slot, 'reclaimed');
  }

  /** Closes a connection and frees its place. Never rejects. */
  async #end(slot: Slot<C>, why: Ending): Promise<void> {
    this.#endings[why] += 1;
    await closeOne(this.#o, slot.connection);
    this.#gone += 1;
    this.#freePlace();
    this.#pump();
    this.#fill();
  }

  #freePlace(): void {
    this.#places -= 1;
    this.#onChange();
  }

  async #shutDown(): Promise<void> {
    const { clock, closeTimeoutMs, logger } = this.#o;
    // Only now is #closed set.
    await Promise.resolve();
    this.#line.refuseAll(poolClosed);
    this.#ending.abort(poolClosed());
    for (const slot of this.#idle.splice(0)) void this.#end(slot, 'pool closed');
    let waiting = true;
    const cancel = clock.schedule(closeTimeoutMs, () => {
      waiting = false;
      this.#onChange();
    });
    await this.#until(() => this.#leased.size === 0 || !waiting);
    cancel();
    if (this.#leased.size > 0)
      logger.warn({ leased: this.#leased.size }, 'the pool closes connections that are still in use');
    for (const slot of this.#leased) void this.#end(slot, 'pool closed');
    this.#leased.clear();
    await this.#until(() => this.#places === 0);
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached())
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
  }
}

const poolClosed = (): StrategyClientError =>
  new StrategyClientError('CLOSED', 'the pool is closed; make another one');
