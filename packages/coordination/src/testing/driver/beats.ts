import assert from 'node:assert/strict';
import { lockKey } from '../probe.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { BRIEF_MS, joinAndDie, mortal, SHORT_MS } from './silence.js';

/** `beat`. */
export const beatCases: Cases = {
  'beat keeps the member': async (t) => {
    const [living, silent] = [await mortal(t, 'a', BRIEF_MS), await mortal(t, 'b', BRIEF_MS)];
    const reader = await t.probe('reader');
    await silent.join('g');
    await living.join('g');
    await until('the silent member is gone', async () => {
      assert.deepEqual((await living.beat({ groups: ['g'] })).groups, ['joined']);
      return !(await reader.members('g'))?.has('b');
    });
    await living.beat();
    assert.deepEqual(await reader.members('g'), new Set(['a']));
  },

  'beat says which memberships are gone, and restores none': async (t) => {
    const [probe, other] = [await mortal(t, 'a'), await t.probe('b')];
    await probe.join('h');
    await other.driver.createGroup('empty');
    await joinAndDie(t, probe, 'g');
    assert.deepEqual(await other.members('g'), new Set());
    assert.deepEqual((await probe.beat({ groups: ['g', 'unknown', 'h', 'empty'] })).groups, [
      'evicted',
      'evicted',
      'joined',
      'evicted',
    ]);
    assert.deepEqual(await other.members('g'), new Set());
    assert.deepEqual(await other.members('empty'), new Set());
    assert.equal(await other.members('unknown'), null);
    assert.deepEqual(await other.members('h', { only: 'a' }), new Set(['a']));
  },

  'beat of a member whose place another client has taken says so': async (t) => {
    const [old, next] = [await mortal(t, 'same'), await t.probe('same')];
    await joinAndDie(t, old, 'g');
    assert.equal((await next.join('g')).status, 'joined');
    assert.deepEqual((await old.beat({ groups: ['g'] })).groups, ['evicted']);
    assert.deepEqual((await next.beat({ groups: ['g'] })).groups, ['joined']);
  },

  'beat after a silence finds the member where nobody removed it': async (t) => {
    const probe = await mortal(t, 'a');
    await joinAndDie(t, probe, 'g');
    assert.deepEqual((await probe.beat({ groups: ['g'] })).groups, ['joined']);
    const reader = await t.probe('reader');
    assert.deepEqual(await reader.members('g'), new Set(['a']));
  },

  'beat renews the leases it names': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [kept, lost] = [a.lease(lockKey('kept')), a.lease(lockKey('lost'))];
    await a.take(kept, { ttlMs: BRIEF_MS });
    await a.take(lost, { ttlMs: BRIEF_MS });
    assert.deepEqual((await a.beat({ leases: [kept] })).leases, ['renewed']);
    const taken = b.lease(lockKey('lost'));
    await until('the other lease is over', async () => (await b.acquire(taken)).status === 'granted');
    assert.equal((await b.acquire(b.lease(lockKey('kept')))).status, 'refused');
    const { holders } = await b.driver.inspect(lockKey('kept'));
    assert.ok(
      (holders[0]?.ttlMs ?? 0) > BRIEF_MS,
      `renewed to the length that the beat names: ${holders[0]?.ttlMs}`,
    );
    assert.deepEqual((await a.beat({ leases: [lost, kept] })).leases, ['lost', 'renewed']);
    assert.equal(await b.release(taken), true);
  },

  'B8 beat creates no lease that is over, was broken or never was': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [over, broken] = [a.lease(lockKey('over')), a.lease(lockKey('broken'))];
    const [shared, never] = [a.lease(lockKey('shared'), 'shared'), a.lease(lockKey('never'))];
    await a.take(over, { ttlMs: SHORT_MS });
    await a.take(shared, { ttlMs: SHORT_MS });
    await a.take(broken);
    await b.driver.revoke(broken.lock, 'break');
    for (const { lock } of [over, shared])
      await until(`${lock.id} is over`, async () => (await b.driver.inspect(lock)).mode === null);
    const leases = [over, broken, shared, never];
    assert.deepEqual((await a.beat({ leases })).leases, ['lost', 'lost', 'lost', 'lost']);
    for (const { lock } of leases) {
      assert.equal((await b.driver.inspect(lock)).mode, null);
      await b.take(b.lease(lock));
    }
  },

  'B7 beat leaves a lock alone that another has taken since': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [first, second] = [a.lease(lockKey('l')), b.lease(lockKey('l'))];
    await a.take(first, { ttlMs: SHORT_MS });
    await until(
      'the second has it',
      async () => (await b.acquire(second, { ttlMs: 5_000 })).status === 'granted',
    );
    assert.deepEqual((await a.beat({ leases: [first] })).leases, ['lost']);
    assert.equal(await a.release(first), false);
    const { holders } = await a.driver.inspect(lockKey('l'));
    assert.equal(holders[0]?.memberId, 'b');
    assert.ok((holders[0]?.ttlMs ?? 0) <= 5_000, 'its lease is not longer than it asked for');
    assert.deepEqual((await b.beat({ leases: [second] })).leases, ['renewed']);
  },

  'beat says when the holder was asked to stand down': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const lease = a.lease(lockKey('g', 'leader'));
    await a.take(lease);
    assert.deepEqual((await a.beat({ leases: [lease] })).leases, ['renewed']);
    assert.equal(await b.driver.revoke(lease.lock, 'ask'), true);
    assert.deepEqual((await a.beat({ leases: [lease] })).leases, ['asked']);
    await a.release(lease);
    const next = b.lease(lease.lock);
    await b.take(next);
    assert.deepEqual(
      (await b.beat({ leases: [next] })).leases,
      ['renewed'],
      'the request ended with its holder',
    );
  },

  'beat tells each waiter its place': async (t) => {
    const [holder, a] = [await t.probe('holder'), await t.probe('a')];
    const lock = lockKey('l');
    const held = holder.lease(lock);
    await holder.take(held);
    const [first, second, stranger] = [a.lease(lock), a.lease(lock), a.lease(lock)];
    await a.enqueue(first);
    await a.enqueue(second);
    const { waiters } = await a.beat({ waiters: [second, stranger, first] });
    assert.deepEqual(
      waiters.map(({ place }) => place),
      ['queued', 'gone', 'head'],
    );
    assert.equal((await a.driver.inspect(lock)).waiters.length, 2);
    await holder.release(held);
    const [head] = (await a.beat({ waiters: [first] })).waiters;
    assert.equal(head?.place, 'head');
    await a.take(first, { wait: true });
  },

  'beat keeps a place in the queue': async (t) => {
    const [holder, a, b] = [await t.probe('holder'), await t.probe('a'), await t.probe('b')];
    const lock = lockKey('l');
    await holder.take(holder.lease(lock));
    const [kept, dropped] = [a.lease(lock), b.lease(lock)];
    await a.enqueue(kept, { waiterTtlMs: BRIEF_MS });
    await b.enqueue(dropped, { waiterTtlMs: BRIEF_MS });
    await until('the silent waiter is gone', async () => {
      const [place] = (await a.beat({ waiters: [kept], waiterTtlMs: BRIEF_MS })).waiters;
      assert.equal(place?.place, 'head');
      const { waiters } = await holder.driver.inspect(lock);
      return !waiters.some(({ memberId }) => memberId === 'b');
    });
    assert.equal((await b.beat({ waiters: [dropped] })).waiters[0]?.place, 'gone');
  },

  'beat does everything in one call': async (t) => {
    const [a, holder] = [await t.probe('a'), await t.probe('holder')];
    await a.join('g');
    const held = a.lease(lockKey('held'));
    const read = a.lease(lockKey('read'), 'shared');
    const waiting = a.lease(lockKey('wanted'));
    await a.take(held);
    await a.take(read);
    await holder.take(holder.lease(lockKey('wanted')));
    await a.enqueue(waiting);
    const reply = await a.beat({ groups: ['g'], leases: [held, read], waiters: [waiting] });
    assert.deepEqual([...reply.groups, ...reply.leases], ['joined', 'renewed', 'renewed']);
    const [place] = reply.waiters;
    assert.ok(place?.place === 'head' && place.retryAfterMs > 0 && place.retryAfterMs <= 30_100);
  },
};
