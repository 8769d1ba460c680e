import { expect, test } from 'vitest';
import type { AcquireRequest, BeatRequest, LeaseRef } from '../../../src/driver/index.js';
import { beat } from '../../../src/drivers/embedded/beat.js';
import { acquire, release } from '../../../src/drivers/embedded/locks.js';
import type { Step } from '../../../src/drivers/embedded/store.js';
import { memoryTables } from '../../../src/drivers/memory/memory-tables.js';
import { CLAIM_MS, LOCK, TTL_MS, WAITER_TTL_MS } from './support/client.js';
import { type Calls, counted } from './support/counted.js';

const CLIENT = { clientId: 'a', membershipTtlMs: TTL_MS };

const ref = (number: number): LeaseRef => ({ lock: { ...LOCK }, token: `a.${number}`, mode: 'exclusive' });

const ask = (number: number): AcquireRequest => ({
  ...ref(number),
  ttlMs: TTL_MS,
  wait: true,
  waiterTtlMs: WAITER_TTL_MS,
  claimTimeoutMs: CLAIM_MS,
});

const request = (waiters: readonly LeaseRef[]): BeatRequest => ({
  member: 'a',
  groups: [],
  leases: [],
  waiters,
  lockTtlMs: TTL_MS,
  waiterTtlMs: WAITER_TTL_MS,
  claimTimeoutMs: CLAIM_MS,
});

/** A lock that is held by `a.0`, and who waits for it. */
function queueOf(waiters: number): { step: Step; refs: readonly LeaseRef[]; calls: () => Calls } {
  const { tables, calls } = counted(memoryTables());
  const step: Step = { tables, now: 1_000, wallMicros: 1, notices: [] };
  for (let number = 0; number <= waiters; number++) acquire(step, ask(number), 'a');
  calls();
  return { step, refs: Array.from({ length: waiters }, (_, i) => ref(i + 1)), calls };
}

test('a beat looks at a lock once, however many wait for it', () => {
  const { step, refs, calls } = queueOf(200);
  const { waiters } = beat(step, request(refs), CLIENT);
  expect(waiters[0]).toEqual({ place: 'head', retryAfterMs: TTL_MS });
  expect(waiters.filter(({ place }) => place === 'queued')).toHaveLength(199);
  expect(calls()).toEqual({ 'members.beat': 1, 'leases.of': 1, 'queues.front': 1, 'queues.keep': 200 });
});

test.each([3, 200])('of %d who wait, each step looks at the first two and at its own', (length) => {
  const { step, calls } = queueOf(length);
  beat(step, request([ref(length)]), CLIENT);
  expect(calls()).toEqual({ 'members.beat': 1, 'leases.of': 1, 'queues.front': 1, 'queues.keep': 1 });
  acquire(step, ask(length), 'a');
  expect(calls()).toEqual({ 'leases.of': 1, 'queues.front': 1, 'queues.keep': 1 });
  release(step, ref(0));
  expect(calls()).toEqual({
    'leases.of': 1,
    'leases.remove': 1,
    'queues.front': 1,
    'queues.remove': 1,
    'queues.claim': 1,
  });
});
