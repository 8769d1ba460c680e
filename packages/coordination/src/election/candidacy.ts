import type { LockKey } from '../driver/index.js';
import { Acquisition } from '../locks/acquisition.js';
import type { Lease } from '../locks/lease.js';
import type { LockContext } from '../locks/lock-context.js';
import { leaderKey } from '../locks/lock-name.js';
import { onAbort } from '../on-abort.js';
import type { LeadOptions, OwnTermEvent } from './leadership.js';
import { Term } from './term.js';

/**
 * What this coordinator is to one group's election: nothing, candidate or leader. Hooks and all calls of `lead` share it:
 * at most one place in the queue, at most one term.
 */
export class Candidacy {
  readonly group: string;
  readonly #key: LockKey;
  readonly #context: LockContext;
  readonly #tell: (event: OwnTermEvent) => void;
  #term: Term | null = null;
  /** Those who wait for a term, and what ends their place in the queue when the last has gone. */
  #waiting = 0;
  #campaign: { readonly won: Promise<Term>; readonly end: AbortController } | null = null;

  constructor(group: string, context: LockContext, tell: (event: OwnTermEvent) => void) {
    this.group = group;
    this.#key = leaderKey(group);
    this.#context = context;
    this.#tell = tell;
  }

  /** The present term, as long as its lease is valid. */
  get term(): Term | null {
    return this.#term?.lease.isHeld ? this.#term : null;
  }

  /** Nothing is held and nobody waits: it may be forgotten. */
  get isIdle(): boolean {
    return this.#term === null && this.#campaign === null;
  }

  isLedBy(lease: Lease): boolean {
    return this.#term?.lease === lease;
  }

  /** One try that does not wait: the term if this coordinator leads now. */
  async tryOnce(): Promise<Term | null> {
    if (this.#term?.isOpen) return this.#term;
    // A campaign stands in the queue already; a second request would only be refused on its account.
    if (this.#campaign || this.term) return null;
    const lease = await this.#acquire({ blocking: false });
    return lease ? this.#elected(lease) : null;
  }

  /** Waits for a term under which work may begin. Rejects with the signal's reason. */
  async stand(o: LeadOptions): Promise<Term> {
    for (;;) {
      const { stopping } = this.#context.session;
      if (stopping.aborted) throw stopping.reason;
      if (o.signal?.aborted) throw o.signal.reason;
      if (this.#term?.isOpen) return this.#term;
      try {
        const term = await this.#await(o.signal);
        if (term.isOpen) return term;
      } catch (error) {
        // A try of the hooks may have won while the campaign waited, and ended it.
        if (o.signal?.aborted || !this.#term?.isOpen) throw error;
      }
    }
  }

  /** Shares one campaign among all who wait; the last to leave ends it. */
  async #await(signal: AbortSignal | undefined): Promise<Term> {
    this.#campaign ??= this.#startCampaign();
    const campaign = this.#campaign;
    this.#waiting++;
    let unlink = (): void => {};
    const quit = new Promise<null>((resolve) => {
      unlink = onAbort(signal, () => resolve(null));
    });
    const term = await Promise.race([campaign.won, quit]).finally(() => {
      unlink();
      this.#waiting--;
    });
    if (term) return term;
    if (this.#waiting === 0) {
      campaign.end.abort();
      // The place in the queue is given up before the caller hears, and so is a term that was won at the same moment.
      const late = await campaign.won.catch(() => null);
      await late?.standDownIfUnused();
    }
    throw signal?.reason;
  }

  #startCampaign(): { readonly won: Promise<Term>; readonly end: AbortController } {
    const end = new AbortController();
    const won = this.#acquire({ signal: end.signal }).then(
      (lease) => {
        if (this.#campaign?.end === end) this.#campaign = null;
        if (lease) return this.#elected(lease);
        throw end.signal.reason;
      },
      (error: unknown) => {
        if (this.#campaign?.end === end) this.#campaign = null;
        throw error;
      },
    );
    won.catch(() => {}); // Everyone who waits hears it; nobody may be left to.
    return { won, end };
  }

  #acquire(o: { readonly blocking?: boolean; readonly signal?: AbortSignal }): Promise<Lease | null> {
    const ref = { lock: this.#key, token: this.#context.session.nextToken(), mode: 'exclusive' } as const;
    return new Acquisition(this.#context, ref, o).run();
  }

  #elected(lease: Lease): Term {
    const { session, leases, abandoned } = this.#context;
    // Each term's end is told before the next begins.
    this.#term?.lease.lost('the next term of this coordinator has begun');
    this.#campaign?.end.abort();
    const release = async (): Promise<void> => {
      leases.drop(lease);
      lease.released();
      await session.driver.release(lease).catch(() => abandoned.giveUp(lease));
    };
    const term = new Term(lease, {
      group: this.group,
      clock: session.clock,
      handOverTimeoutMs: session.options.handOverTimeoutMs,
      release,
      letExpire: () => leases.drop(lease),
      tell: this.#tell,
      onOver: (over) => {
        if (this.#term === over) this.#term = null;
      },
    });
    this.#term = term;
    // So that a request to stand down, or a break, is heard at once and not with the next beat only.
    session.push.ensure().catch(() => {});
    return term;
  }
}
