import type { Memberships } from '../groups/memberships.js';
import type { Lease } from '../locks/lease.js';
import type { LockContext } from '../locks/lock-context.js';
import type { Instant } from '../locks/suspension.js';

/** Told when a leader lease is renewed while somebody asks its holder to stand down. */
export type AskedListener = (lease: Lease) => void;

/**
 * One round trip that keeps everything of a coordinator alive: the member, all leases, all places in queues. What the
 * store answers is applied by when the question was sent, so that a late answer can do no harm.
 */
export class Beat {
  readonly #context: Omit<LockContext, 'renew' | 'isBeating'>;
  readonly #memberships: Memberships;
  readonly #onAsked: AskedListener;

  constructor(
    context: Omit<LockContext, 'renew' | 'isBeating'>,
    o: { readonly memberships: Memberships; readonly onAsked: AskedListener },
  ) {
    this.#context = context;
    this.#memberships = o.memberships;
    this.#onAsked = o.onAsked;
  }

  async send(): Promise<void> {
    const { session, leases, waiters, abandoned } = this.#context;
    const { options } = session;
    const memberships = this.#memberships.list();
    const renewed = leases.list();
    const waiting = waiters.list();
    const sent = leases.instant();
    const reply = await session.driver.beat({
      member: session.memberId,
      groups: memberships.map((membership) => membership.group),
      leases: renewed,
      waiters: waiting,
      lockTtlMs: options.lockTtlMs,
      waiterTtlMs: options.lockTtlMs,
      claimTimeoutMs: options.claimTimeoutMs,
    });
    memberships.forEach((membership, at) => {
      if (reply.groups[at] === 'evicted') this.#memberships.evicted(membership);
    });
    renewed.forEach((lease, at) => void this.#renewed(lease, reply.leases[at], sent));
    waiting.forEach((ref, at) => {
      const place = reply.waiters[at];
      if (place) waiters.placed(ref.token, place);
    });
    abandoned.retry();
  }

  /** Renews one lease, and nothing else but the member. */
  async renew(lease: Lease): Promise<boolean> {
    const { session, leases } = this.#context;
    if (!lease.isHeld) return false;
    const { lockTtlMs, claimTimeoutMs } = session.options;
    const sent = leases.instant();
    const reply = await session.driver.beat({
      member: session.memberId,
      groups: [],
      leases: [lease],
      waiters: [],
      lockTtlMs,
      waiterTtlMs: lockTtlMs,
      claimTimeoutMs,
    });
    return this.#renewed(lease, reply.leases[0], sent);
  }

  #renewed(lease: Lease, result: 'renewed' | 'asked' | 'lost' | undefined, sent: Instant): boolean {
    if (result === undefined) return false; // No word of this one is no renewal.
    if (result === 'lost') {
      this.#context.leases.drop(lease);
      lease.lost('somebody broke it, or it expired in the store');
      return false;
    }
    lease.renewed(sent);
    if (result === 'asked') this.#onAsked(lease);
    return lease.isHeld;
  }
}
