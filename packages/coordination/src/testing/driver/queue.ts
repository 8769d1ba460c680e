import assert from 'node:assert/strict';
import type { LeaseRef, LockKey } from '../../driver/index.js';
import { lockKey, type Probe } from '../probe.js';
import type { Cases, Trial } from '../trial.js';
import { until } from '../until.js';
import { SHORT_MS } from './silence.js';

const LOCK: LockKey = lockKey('l');

interface Queue {
  readonly holder: Probe;
  readonly held: LeaseRef;
  /** In the order in which they entered the queue. */
  readonly waiting: readonly (readonly [Probe, LeaseRef])[];
}

/** One holder, and waiters `w0`, `w1`, … behind it. */
async function queue(t: Trial, length: number, o: Parameters<Probe['enqueue']>[1] = {}): Promise<Queue> {
  const holder = await t.probe('holder');
  const held = holder.lease(LOCK);
  await holder.take(held);
  const waiting: [Probe, LeaseRef][] = [];
  for (let i = 0; i < length; i++) {
    const probe = await t.probe(`w${i}`);
    const lease = probe.lease(LOCK);
    await probe.enqueue(lease, o);
    waiting.push([probe, lease]);
  }
  return { holder, held, waiting };
}

const order = async ({ holder }: Queue): Promise<string[]> =>
  (await holder.driver.inspect(LOCK)).waiters.map(({ memberId }) => memberId);

/** `acquire` with `wait`: first come, first served. */
export const queueCases: Cases = {
  'acquire queues in order of arrival, and only the head polls': async (t) => {
    const holder = await t.probe('holder');
    await holder.take(holder.lease(LOCK), { ttlMs: 20_000 });
    const retries: (number | null)[] = [];
    for (const id of ['a', 'b', 'c']) {
      const probe = await t.probe(id);
      retries.push(await probe.enqueue(probe.lease(LOCK)));
    }
    const [first, ...others] = retries;
    assert.ok(
      first !== null && first !== undefined && first > 0 && first <= 20_100,
      `the head polls after ${first}`,
    );
    assert.deepEqual(others, [null, null]);
    const { waiters } = await holder.driver.inspect(LOCK);
    assert.deepEqual(
      waiters.map((w) => [w.memberId, w.mode]),
      [
        ['a', 'exclusive'],
        ['b', 'exclusive'],
        ['c', 'exclusive'],
      ],
    );
  },

  'acquire sent again keeps its place': async (t) => {
    const q = await queue(t, 3);
    for (const [probe, lease] of q.waiting.toReversed()) await probe.enqueue(lease);
    assert.deepEqual(await order(q), ['w0', 'w1', 'w2']);
  },

  'a freed lock goes to its queue in order, and to nobody else': async (t) => {
    const q = await queue(t, 3);
    await q.holder.release(q.held);
    const barging = await t.probe('barging');
    assert.deepEqual(await barging.acquire(barging.lease(LOCK)), { status: 'refused' });
    const late = barging.lease(LOCK);
    await barging.enqueue(late);
    const [, second] = q.waiting;
    if (second) await second[0].enqueue(second[1]);
    for (const [probe, lease] of [...q.waiting, [barging, late] as const]) {
      await probe.take(lease, { wait: true });
      assert.equal(await probe.release(lease), true);
    }
    assert.deepEqual(await q.holder.driver.inspect(LOCK), { mode: null, holders: [], waiters: [] });
  },

  'release wakes the head, and tells the second when to try': async (t) => {
    const q = await queue(t, 2, { claimTimeoutMs: 5_000 });
    const [first, second] = q.waiting;
    if (!first || !second) return assert.fail('two wait');
    for (const [probe] of q.waiting) await probe.driver.listen(new Set());
    await q.holder.release(q.held);
    const turn = await first[0].heard('turn', first[1].token);
    assert.equal(turn.afterMs, 0);
    const next = await second[0].heard('turn', second[1].token);
    assert.ok(next.afterMs > 0 && next.afterMs <= 5_500, `the second tries after ${next.afterMs} ms`);
    await first[0].take(first[1], { wait: true });
    await first[0].release(first[1]);
    await second[0].take(second[1], { wait: true });
  },

  'revoke wakes the head': async (t) => {
    const q = await queue(t, 1);
    const [first] = q.waiting;
    if (!first) return assert.fail('one waits');
    await first[0].driver.listen(new Set());
    await q.holder.driver.revoke(LOCK, 'break');
    await first[0].heard('turn', first[1].token);
    await first[0].take(first[1], { wait: true });
  },

  'B15 a head that was told to claim and does not loses its place': async (t) => {
    const q = await queue(t, 2, { claimTimeoutMs: SHORT_MS });
    const [first, second] = q.waiting;
    if (!first || !second) return assert.fail('two wait');
    await q.holder.release(q.held);
    await until('the second has it', async () => {
      const reply = await second[0].acquire(second[1], { wait: true, claimTimeoutMs: SHORT_MS });
      return reply.status === 'granted';
    });
    await first[0].enqueue(first[1]);
    await second[0].release(second[1]);
    await first[0].take(first[1], { wait: true });
  },

  'B15 a waiter that falls silent is dropped': async (t) => {
    const holder = await t.probe('holder');
    const held = holder.lease(LOCK);
    await holder.take(held);
    const [silent, next] = [await t.probe('silent'), await t.probe('next')];
    await silent.enqueue(silent.lease(LOCK), { waiterTtlMs: SHORT_MS });
    const wanted = next.lease(LOCK);
    await next.enqueue(wanted);
    await until('the silent one is gone', async () => {
      const { waiters } = await holder.driver.inspect(LOCK);
      return waiters.length === 1 && waiters[0]?.memberId === 'next';
    });
    await holder.release(held);
    await next.take(wanted, { wait: true });
  },

  'B15 release leaves the queue, and the next moves up': async (t) => {
    const q = await queue(t, 3);
    const [first, second, third] = q.waiting;
    if (!first || !second || !third) return assert.fail('three wait');
    assert.equal(await second[0].release(second[1]), false);
    assert.deepEqual(await order(q), ['w0', 'w2']);
    await q.holder.release(q.held);
    assert.equal(await first[0].release(first[1]), false, 'it was told to claim and gives up');
    await third[0].take(third[1], { wait: true });
    assert.deepEqual(await order(q), []);
  },

  'B16 an acquire that was given up after it had won leaves nothing': async (t) => {
    const q = await queue(t, 1);
    const [first] = q.waiting;
    if (!first) return assert.fail('one waits');
    await q.holder.release(q.held);
    await Promise.all([first[0].acquire(first[1], { wait: true }), first[0].release(first[1])]);
    await first[0].release(first[1]);
    assert.deepEqual(await q.holder.driver.inspect(LOCK), { mode: null, holders: [], waiters: [] });
  },

  'the lease of a dead holder ends for those who wait': async (t) => {
    const [dead, a] = [await t.probe('dead'), await t.probe('a')];
    await dead.take(dead.lease(LOCK), { ttlMs: SHORT_MS });
    const wanted = a.lease(LOCK);
    const retryAfterMs = await a.enqueue(wanted);
    assert.ok(
      retryAfterMs !== null && retryAfterMs <= 2 * SHORT_MS,
      `the head polls after ${retryAfterMs} ms`,
    );
    await until('it has it', async () => (await a.acquire(wanted, { wait: true })).status === 'granted');
  },
};
