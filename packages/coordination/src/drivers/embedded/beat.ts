import type { BeatReply, BeatRequest, LeaseRef, WaiterPlace } from '../../driver/index.js';
import { type Client, isJoined } from './groups.js';
import { LockInStep } from './lock-in-step.js';
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
    waiters: request.waiters.map((waiter) => keepWaiter(step, waiter, request)),
  };
}

function keepWaiter(step: Step, { lock: key, token }: LeaseRef, request: BeatRequest): WaiterPlace {
  const lock = new LockInStep(step, key);
  const place = lock.place(token);
  if (place !== null) lock.keep(token, step.now + request.waiterTtlMs);
  lock.attend(place === 0 ? token : undefined);
  if (place === null) return { place: 'gone' };
  return place === 0 ? { place: 'head', retryAfterMs: lock.retryAfterMs(0) ?? 0 } : { place: 'queued' };
}
