import type { Clock } from '../clock.js';
import { CoordinationError, LeadershipLost } from '../errors.js';
import { type ComputedSignal, computedSignal } from '../locks/computed-signal.js';
import type { Lease } from '../locks/lease.js';
import { onAbort } from '../on-abort.js';
import type { Leadership, LeadOptions, OwnTermEvent } from './leadership.js';

/** What a term needs of its surroundings. */
export interface TermHost {
  readonly group: string;
  readonly clock: Clock;
  readonly handOverTimeoutMs: number;
  /** Gives the lease back to the store; never rejects. */
  readonly release: (lease: Lease) => Promise<void>;
  /** Renews it no more: the successor comes when it has run out. */
  readonly letExpire: (lease: Lease) => void;
  readonly tell: (event: OwnTermEvent) => void;
  /** The term is over: nobody joins it any more. */
  readonly onOver: (term: Term) => void;
}

type Work<T> = (leadership: Leadership) => Promise<T>;
type Settled<T> =
  | { readonly status: 'fulfilled'; readonly value: T }
  | { readonly status: 'rejected'; readonly reason: unknown };

/**
 * One term of this coordinator: the lease, and the works that run under it. It is handed over only after all of them have
 * settled; where one takes longer than its bound, the lease is left to run out. What can still go wrong: work that goes
 * on after its signal aborted overlaps with the next leader's as soon as the lease has run out.
 */
export class Term {
  readonly lease: Lease;
  readonly #host: TermHost;
  /** Those that run, and how long each may take to settle once it is to end, ms. */
  readonly #works = new Map<Promise<unknown>, number>();
  /** Works that have taken longer. */
  readonly #late = new Set<Promise<unknown>>();
  readonly #signals = new Set<ComputedSignal>();
  /** Why the works are to stop. */
  #ending: CoordinationError | null = null;
  #loss: CoordinationError | null = null;
  #isOver = false;
  #handOver: Promise<void> | null = null;
  /** Elected hooks were told of this term, and keep it until it is stood down. */
  isHooked = false;

  constructor(lease: Lease, host: TermHost) {
    this.lease = lease;
    this.#host = host;
    lease.onLost((why) => this.#lost(why));
    host.tell({ type: 'elected', term: lease.fence });
  }

  /** Whether work may still begin under it. */
  get isOpen(): boolean {
    return this.#ending === null && this.lease.isHeld;
  }

  /** Runs `work` under this term, and resigns after the last work unless hooks keep the term: `Coordinator.lead`. */
  async serve<T>(work: Work<T>, o: LeadOptions): Promise<T> {
    const own = computedSignal(() => this.#ending ?? this.#expired());
    const boundMs = o.handOverTimeoutMs ?? this.#host.handOverTimeoutMs;
    this.#signals.add(own);
    const running = settle(work, { term: this.lease.fence, signal: own.signal });
    this.#works.set(running, boundMs);
    const unlink = onAbort(o.signal, () => {
      own.abort(o.signal?.reason);
      // The term ends with this work if nobody else needs it.
      if (!this.#isNeeded(running)) void this.standDown('the signal of its work has aborted');
    });
    void running.then(() => {
      this.#works.delete(running);
      this.#late.delete(running);
      this.#signals.delete(own);
      unlink();
    });
    const settled = await this.#unlessLate(running, own.signal, boundMs);
    if (settled === null) this.#late.add(running);
    await this.standDownIfUnused();
    if (this.#handOver) await this.#handOver;
    return this.#outcome(settled);
  }

  /** Ends the term in order: signals abort, all work settles, the lease is given back. */
  standDown(why: string): Promise<void> {
    this.#handOver ??= this.#endInOrder(why);
    return this.#handOver;
  }

  /** As `standDown`, unless hooks keep it, or work that may still settle in time. */
  async standDownIfUnused(): Promise<void> {
    if (!this.#isNeeded()) await this.standDown('nobody works under it any more');
  }

  #isNeeded(except?: Promise<unknown>): boolean {
    if (this.isHooked) return true;
    return [...this.#works.keys()].some((work) => work !== except && !this.#late.has(work));
  }

  async #endInOrder(why: string): Promise<void> {
    if (this.#isLostOrOver()) return;
    this.#stopWorks(
      new CoordinationError(
        'STANDING_DOWN',
        `term ${this.lease.fence} of ${JSON.stringify(this.#host.group)} is to end: ${why}; finish the work soon`,
      ),
    );
    const settled = await this.#allWithinBounds();
    if (this.#isLostOrOver()) return;
    this.#over({ type: 'resigned', term: this.lease.fence, settled });
    if (settled) await this.#host.release(this.lease);
    else this.#host.letExpire(this.lease);
  }

  /** Whether all work settles within its time; what has used that up already gets no more. */
  async #allWithinBounds(): Promise<boolean> {
    const bounds = [...this.#works].map(([work, boundMs]) => (this.#late.has(work) ? 0 : boundMs));
    const all = Promise.all(this.#works.keys());
    return (await within(this.#host.clock, Math.max(0, ...bounds), all)) !== null;
  }

  /** Looks at the clock too: the loss may not have been noticed yet, and is to be told as one. */
  #isLostOrOver(): boolean {
    if (!this.#isOver && !this.lease.isHeld) this.lease.lost('it was not renewed in time');
    return this.#isOver;
  }

  #lost(why: CoordinationError): void {
    if (this.#isOver) return; // It was left to run out.
    this.#loss = why;
    this.#stopWorks(why);
    this.#over({ type: 'lost', term: this.lease.fence });
  }

  #over(how: OwnTermEvent): void {
    this.#isOver = true;
    this.#host.onOver(this);
    this.#host.tell(how);
  }

  #stopWorks(why: CoordinationError): void {
    this.#ending ??= why;
    for (const { abort } of this.#signals) abort(this.#ending);
  }

  #expired(): CoordinationError | null {
    if (this.lease.isHeld || this.#isOver) return null;
    return this.lease.signal.reason instanceof CoordinationError ? this.lease.signal.reason : null;
  }

  /** What the work came to; null if it does not settle within its time after it was to end. */
  async #unlessLate<T>(
    running: Promise<Settled<T>>,
    signal: AbortSignal,
    boundMs: number,
  ): Promise<Settled<T> | null> {
    let cancel = (): void => {};
    let unlink = (): void => {};
    const late = new Promise<null>((resolve) => {
      unlink = onAbort(signal, () => {
        cancel = this.#host.clock.schedule(boundMs, () => resolve(null));
      });
    });
    const settled = await Promise.race([running, late]);
    unlink();
    cancel();
    return settled;
  }

  #outcome<T>(settled: Settled<T> | null): T {
    const { group } = this.#host;
    if (settled === null)
      throw new LeadershipLost(
        group,
        this.lease.fence,
        { status: 'unsettled' },
        'its work did not settle within handOverTimeoutMs of the end of its signal',
      );
    if (this.#loss) throw new LeadershipLost(group, this.lease.fence, settled, this.#loss.message);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }
}

async function settle<T>(work: Work<T>, leadership: Leadership): Promise<Settled<T>> {
  try {
    return { status: 'fulfilled', value: await work(leadership) };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

/** The value of `promise`, or null if it takes longer. */
async function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | null> {
  let cancel = (): void => {};
  const late = new Promise<null>((resolve) => {
    cancel = clock.schedule(ms, () => resolve(null));
  });
  const value = await Promise.race([promise, late]);
  cancel();
  return value;
}
