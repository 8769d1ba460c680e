import type {
  AcquireReply,
  AcquireRequest,
  LockKey,
  LockReading,
  ReleaseRequest,
  RevokeHow,
} from '../../driver/index.js';
import { LockInStep } from './lock-in-step.js';
import { isLive, isWaiting } from './rows.js';
import type { Step } from './store.js';

/**
 * Takes the lock if nobody holds it against this mode and it is this caller's turn; else refuses or queues. A request
 * that was granted before is granted again, with a full lease and the same fence: its reply may have got lost.
 */
export function acquire(step: Step, request: AcquireRequest, member: string): AcquireReply {
  const { token, mode } = request;
  const lock = new LockInStep(step, request.lock);
  const own = lock.lease(token);
  const expiresAt = step.now + request.ttlMs;
  if (own !== undefined) {
    lock.put({ ...own, expiresAt });
    lock.attend();
    return { status: 'granted', fence: own.fence };
  }
  const isHead = lock.place(token) === 0;
  if (lock.claimable(mode) && (isHead || !lock.hasWaiters)) {
    lock.leave(token);
    const { fence } = lock.grant({ token, mode, member, expiresAt });
    lock.attend();
    return { status: 'granted', fence };
  }
  if (!request.wait) {
    lock.attend();
    return { status: 'refused' };
  }
  const aliveUntil = step.now + request.waiterTtlMs;
  const { claimTimeoutMs } = request;
  if (!lock.keep(token, aliveUntil))
    lock.enqueue({ token, mode, member, aliveUntil, claimUntil: null, claimTimeoutMs });
  lock.attend(token);
  return { status: 'queued', retryAfterMs: lock.retryAfterMs(lock.place(token)) };
}

/** Ends this token's lease (true) and its place in the queue; never anybody else's. */
export function release(step: Step, { lock: key, token }: ReleaseRequest): boolean {
  const lock = new LockInStep(step, key);
  const held = lock.drop(token);
  lock.leave(token);
  lock.attend();
  return held;
}

/** Takes the lock from whoever holds it, or asks them to give it up; false if nobody does. */
export function revoke(step: Step, key: LockKey, how: RevokeHow): boolean {
  const lock = new LockInStep(step, key);
  const holders = lock.leases;
  for (const lease of holders) {
    if (how === 'break') lock.drop(lease.token);
    else lock.put({ ...lease, asked: true });
    step.notices.push({ type: 'holder', token: lease.token });
  }
  lock.attend();
  return holders.length > 0;
}

/** Holders and waiters; changes nothing. */
export function inspect(step: Step, key: LockKey): LockReading {
  const leases = step.tables.leases.of(key).filter((lease) => isLive(lease, step.now));
  const queue = step.tables.queues.all(key).filter((waiter) => isWaiting(waiter, step.now));
  return {
    mode: leases[0]?.mode ?? null,
    holders: leases.map(({ member, fence, expiresAt }) => ({
      memberId: member,
      fence: BigInt(fence),
      ttlMs: expiresAt - step.now,
    })),
    waiters: queue.map(({ member, mode }) => ({ memberId: member, mode })),
  };
}
