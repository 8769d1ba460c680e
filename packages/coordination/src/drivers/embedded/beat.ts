import type { BeatReply, BeatRequest, WaiterPlace } from '../../driver/index.js';
import { type Client, isJoined } from './groups.js';
import { LockInStep } from './lock-in-step.js';
import { lockName } from './lock-name.js';
import type { Step } from './store.js';

/** Renews a member, its leases and its places in queues in one step; what is gone stays gone, and is reported. */
export function beat(step: Step, request: BeatRequest, { clientId, membershipTtlMs }: Client): BeatReply {
  const { member } = request;
  const { leases, members } = step.tables;
  members.beat(clientId, step.now + membershipTtlMs);
  const until = step.now + request.lockTtlMs;
  return {
    groups: request.groups.map((group) =>
      isJoined(step, { group, member, clientId }) ? 'joined' : 'evicted',
    ),
    leases: request.leases.map(({ lock, token }) => {
      const renewed = leases.renew(lock, token, { now: step.now, until });
      if (renewed === undefined) return 'lost';
      return renewed.asked ? 'asked' : 'renewed';
    }),
    waiters: keepWaiters(step, request),
  };
}

/** Looks at each lock once, however many of its waiters beat. */
function keepWaiters(step: Step, { waiters, waiterTtlMs }: BeatRequest): WaiterPlace[] {
  const locks = new Map<string, { readonly lock: LockInStep; head?: string }>();
  const until = step.now + waiterTtlMs;
  const places = waiters.map(({ lock: key, token }): WaiterPlace => {
    const name = lockName(key);
    const found = locks.get(name) ?? { lock: new LockInStep(step, key) };
    locks.set(name, found);
    const { lock } = found;
    if (!lock.keep(token, until)) return { place: 'gone' };
    if (lock.place(token) > 0) return { place: 'queued' };
    found.head = token;
    return { place: 'head', retryAfterMs: lock.retryAfterMs(0) ?? 0 };
  });
  for (const { lock, head } of locks.values()) lock.attend(head);
  return places;
}
