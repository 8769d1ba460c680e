import type { CallOptions } from '../call.js';
import { OperationTimedOut } from '../errors.js';
import { checkedWait } from '../in-range.js';
import type { Lease } from '../locks/lease.js';
import type { LockContext } from '../locks/lock-context.js';
import { leaderKey } from '../locks/lock-name.js';
import { Candidacy } from './candidacy.js';
import type { Leadership, LeadOptions, OwnTermEvent } from './leadership.js';

/** The elected hooks of a coordinator, as elections see them. */
export interface ElectedHooks {
  /** Groups that have some. */
  groups(): Iterable<string>;
  /** Calls all of a group's, in order, and gives what they returned, promises not awaited. */
  run(group: string): unknown[];
}

/** All elections in which a coordinator stands. */
export class Elections {
  readonly #context: LockContext;
  readonly #hooks: ElectedHooks;
  readonly #tell: (group: string, event: OwnTermEvent) => void;
  readonly #candidacies = new Map<string, Candidacy>();
  /** Calls of `lead` that have not settled. */
  readonly #leading = new Set<Promise<unknown>>();

  constructor(
    context: LockContext,
    o: { readonly hooks: ElectedHooks; readonly tell: (group: string, event: OwnTermEvent) => void },
  ) {
    this.#context = context;
    this.#hooks = o.hooks;
    this.#tell = o.tell;
  }

  /**
   * Stands for election, without waiting, in every group that has elected hooks; runs the hooks of terms that began.
   * Rejects with the first error of a store after it has tried all groups.
   */
  async run(): Promise<unknown[]> {
    // All at once: one group's trouble, or slowness, keeps nobody from standing in the others.
    const tries = await Promise.allSettled([...this.#hooks.groups()].map((group) => this.#tryOnce(group)));
    const failed = tries.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return tries.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  async #tryOnce(group: string): Promise<unknown[]> {
    const term = await this.#candidacy(group)
      .tryOnce()
      .finally(() => this.#forgetIdle(group));
    if (!term?.isOpen || term.isHooked) return [];
    term.isHooked = true;
    return this.#hooks.run(group);
  }

  /** See `Coordinator.lead`. */
  async lead<T>(group: string, work: (leadership: Leadership) => Promise<T>, o: LeadOptions): Promise<T> {
    if (o.handOverTimeoutMs !== undefined) checkedWait('handOverTimeoutMs', o.handOverTimeoutMs);
    if (o.timeoutMs !== undefined) checkedWait('timeoutMs', o.timeoutMs);
    const leading = this.#leadWithin(group, work, o);
    this.#leading.add(leading);
    try {
      return await leading;
    } finally {
      this.#leading.delete(leading);
      this.#forgetIdle(group);
    }
  }

  /** The time counts until the work begins. */
  #leadWithin<T>(group: string, work: (leadership: Leadership) => Promise<T>, o: LeadOptions): Promise<T> {
    const candidacy = this.#candidacy(group);
    const { timeoutMs, signal } = o;
    if (timeoutMs === undefined) return candidacy.lead(work, o);
    const late = new AbortController();
    const cancel = this.#context.session.clock.schedule(timeoutMs, () =>
      late.abort(new OperationTimedOut(`standing for election in ${JSON.stringify(group)}`, timeoutMs)),
    );
    const begin = (leadership: Leadership): Promise<T> => {
      cancel();
      return work(leadership);
    };
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    return candidacy.lead(begin, { ...o, signal: either }).finally(cancel);
  }

  /** Ends this coordinator's term in order; false if it does not lead. */
  async standDown(group: string): Promise<boolean> {
    const term = this.#candidacies.get(group)?.term;
    if (!term) return false;
    await term.standDown('standDownGroupLeader was called');
    this.#forgetIdle(group);
    return true;
  }

  /** Asks the leader, whoever it is, to hand over: true if a client of this package leads and will be told. */
  async requestStandDown(group: string, o?: CallOptions): Promise<boolean> {
    const term = this.#candidacies.get(group)?.term;
    if (!term)
      return this.#context.session.call(
        `asking the leader of ${JSON.stringify(group)} to stand down`,
        o,
        (driver) => driver.revoke(leaderKey(group), 'ask'),
      );
    void term.standDown('requestStandDown was called');
    return true;
  }

  /** A beat has found that the holder of this lease is asked to stand down. */
  asked(lease: Lease): void {
    for (const candidacy of this.#candidacies.values())
      if (candidacy.isLedBy(lease)) void candidacy.term?.standDown('it was asked to hand over');
  }

  /** Ends all terms in order, and waits for all work, that of lost terms too: each within its bound. */
  async stop(): Promise<void> {
    const candidacies = [...this.#candidacies.values()];
    await Promise.all(candidacies.map((candidacy) => candidacy.standDown('its coordinator stops')));
    await Promise.allSettled(this.#leading);
  }

  #candidacy(group: string): Candidacy {
    let candidacy = this.#candidacies.get(group);
    if (!candidacy) {
      candidacy = new Candidacy(group, this.#context, (event) => this.#tell(group, event));
      this.#candidacies.set(group, candidacy);
    }
    return candidacy;
  }

  #forgetIdle(group: string): void {
    if (this.#candidacies.get(group)?.isIdle) this.#candidacies.delete(group);
  }
}
