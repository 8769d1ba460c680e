import type { LockKey } from '../driver/index.js';
import { Acquisition } from '../locks/acquisition.js';
import type { Lease } from '../locks/lease.js';
import type { LockContext } from '../locks/lock-context.js';
import { leaderKey } from '../locks/lock-name.js';
import { onAbort } from '../on-abort.js';
import type { Leadership, LeadOptions, OwnTermEvent } from './leadership.js';
import { Term } from './term.js';

/** A place in the queue that is shared by all who wait for a term. */
interface Campaign {
  /** The term; null when the campaign was ended before there was one. */
  readonly won: Promise<Term | null>;
  readonly end: AbortController;
  waiting: number;
}

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
  /** Calls under way: it is not to be forgotten while there are any. */
  #calls = 0;
  #campaign: Campaign | null = null;

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

  /** Nothing is held and nobody asks for anything: it may be forgotten. */
  get isIdle(): boolean {
    return this.#term === null && this.#calls === 0;
  }

  isLedBy(lease: Lease): boolean {
    return this.#term?.lease === lease;
  }

  /** One try that does not wait: the term if this coordinator leads now. */
  tryOnce(): Promise<Term | null> {
    return this.#counted(async () => {
      if (this.#term?.isOpen) return this.#term;
      // A campaign stands in the queue already; a second request would only be refused on its account.
      if (this.#campaign || this.term) return null;
      const lease = await this.#acquire({ blocking: false });
      return lease ? this.#elected(lease) : null;
    });
  }

  /** Waits for a term, and runs `work` under it. Rejects with the signal's reason while it waits. */
  lead<T>(work: (leadership: Leadership) => Promise<T>, o: LeadOptions): Promise<T> {
    return this.#counted(async () => {
      for (;;) {
        const { stopping } = this.#context.session;
        if (stopping.aborted) throw stopping.reason;
        if (o.signal?.aborted) {
          await this.#term?.standDownIfUnused();
          throw o.signal.reason;
        }
        // Between this look and the beginning of the work nothing else may run.
        if (this.#term?.isOpen) return await this.#term.serve(work, o);
        await this.#campaigned(o.signal);
      }
    });
  }

  /** Ends the term, if there is one, in order. */
  async standDown(why: string): Promise<void> {
    await this.#term?.standDown(why);
  }

  async #counted<T>(run: () => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await run();
    } finally {
      this.#calls--;
    }
  }

  /** Waits until there may be a term. One campaign is shared among all who wait; the last to leave ends it. */
  async #campaigned(signal: AbortSignal | undefined): Promise<void> {
    this.#campaign ??= this.#startCampaign();
    const campaign = this.#campaign;
    campaign.waiting++;
    let unlink = (): void => {};
    const quit = new Promise<'quit'>((resolve) => {
      unlink = onAbort(signal, () => resolve('quit'));
    });
    try {
      if ((await Promise.race([campaign.won, quit])) !== 'quit') return;
    } finally {
      unlink();
      campaign.waiting--;
    }
    if (campaign.waiting > 0) return;
    this.#end(campaign);
    // The place in the queue is given up before the caller hears, and so is a term that was won at the same moment.
    const late = await campaign.won.catch(() => null);
    await late?.standDownIfUnused();
  }

  /** Who comes later starts anew. */
  #end(campaign: Campaign): void {
    if (this.#campaign === campaign) this.#campaign = null;
    campaign.end.abort();
  }

  #startCampaign(): Campaign {
    const end = new AbortController();
    const run = async (): Promise<Term | null> => {
      try {
        const lease = await this.#acquire({ signal: end.signal });
        if (this.#campaign === campaign) this.#campaign = null;
        return lease && this.#elected(lease);
      } catch (error) {
        if (end.signal.aborted) return null;
        if (this.#campaign === campaign) this.#campaign = null;
        throw error;
      }
    };
    const campaign: Campaign = { won: run(), end, waiting: 0 };
    campaign.won.catch(() => {}); // Everyone who waits hears it; nobody may be left to.
    return campaign;
  }

  #acquire(o: { readonly blocking?: boolean; readonly signal?: AbortSignal }): Promise<Lease | null> {
    const ref = { lock: this.#key, token: this.#context.session.nextToken(), mode: 'exclusive' } as const;
    return new Acquisition(this.#context, ref, o).run();
  }

  #elected(lease: Lease): Term {
    const { session, leases, abandoned } = this.#context;
    // It is released with all other leases.
    if (session.stopping.aborted) throw session.stopping.reason;
    // Each term's end is told before the next begins.
    this.#term?.lease.lost('the next term of this coordinator has begun');
    if (this.#campaign) this.#end(this.#campaign);
    const release = async (): Promise<void> => {
      leases.drop(lease);
      lease.released();
      try {
        await session.driver.release(lease);
      } catch {
        await abandoned.giveUp(lease);
      }
    };
    const term = new Term(lease, {
      group: this.group,
      clock: session.clock,
      handOverTimeoutMs: session.options.handOverTimeoutMs,
      release,
      letExpire: () => {
        leases.drop(lease);
        lease.released(); // Its end was told; nothing is left to watch here.
      },
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
