import assert from 'node:assert/strict';
import type { LockKey } from '../../driver/index.js';
import { fenceOf, lockKey } from '../probe.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { SHORT_MS } from './silence.js';

const LOCK: LockKey = lockKey('l');

/** `acquire` and `release` of exclusive locks, `revoke`, `inspect`. */
export const lockCases: Cases = {
  'acquire takes what is free and is refused what is held': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [held, wanted] = [a.lease(LOCK), b.lease(LOCK)];
    await a.take(held);
    assert.deepEqual(await b.acquire(wanted), { status: 'refused' });
    assert.deepEqual(
      await a.acquire(a.lease(LOCK)),
      { status: 'refused' },
      'a token is the holder, not a client',
    );
    assert.deepEqual((await a.driver.inspect(LOCK)).waiters, [], 'who is refused does not wait');
    assert.equal(await a.release(held), true);
    await b.take(wanted);
  },

  'acquire sent again by the holder is a full lease': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const held = a.lease(LOCK);
    const first = await a.take(held, { ttlMs: 1_000 });
    const again = await a.take(held, { ttlMs: 20_000, wait: true });
    assert.ok(again >= first, `the fence went back from ${first} to ${again}`);
    const [holder, ...others] = (await b.driver.inspect(LOCK)).holders;
    assert.deepEqual(others, []);
    assert.ok((holder?.ttlMs ?? 0) > 1_000, `lasts ${holder?.ttlMs} ms from the second call`);
    assert.equal(holder?.fence, BigInt(again));
    assert.equal(await a.release(held), true);
    await b.take(b.lease(LOCK));
  },

  'acquire by many at once is granted once': async (t) => {
    const probes = await Promise.all(['a', 'b', 'c'].map((id) => t.probe(id)));
    const replies = await Promise.all(
      probes.flatMap((probe) => Array.from({ length: 10 }, () => probe.acquire(probe.lease(LOCK)))),
    );
    assert.equal(replies.filter(({ status }) => status === 'granted').length, 1);
    assert.equal(replies.filter(({ status }) => status === 'refused').length, 29);
  },

  'B4 fences rise over all locks, terms, holders, ends and breaks': async (t) => {
    const probes = [await t.probe('a'), await t.probe('b'), await t.probe('c')] as const;
    const keys = [lockKey('l'), lockKey('g', 'leader'), lockKey('m')] as const;
    const fences: number[] = [];
    for (let i = 0; i < 60; i++) {
      const probe = probes[i % 3] ?? probes[0];
      const lease = probe.lease(keys[(i * 7) % 3] ?? keys[0], i % 5 === 0 ? 'shared' : 'exclusive');
      fences.push(await probe.take(lease));
      if (i % 4 === 0) await probe.driver.revoke(lease.lock, 'break');
      else await probe.release(lease);
    }
    const [a, b] = probes;
    fences.push(await a.take(a.lease(LOCK), { ttlMs: SHORT_MS }));
    const late = b.lease(LOCK);
    await until('the lease is over', async () => {
      const reply = await b.acquire(late);
      return reply.status === 'granted' && fences.push(fenceOf(reply));
    });
    for (const [i, fence] of fences.entries())
      if (i > 0) assert.ok(fence > (fences[i - 1] ?? 0), `fence ${i} is ${fence} after ${fences[i - 1]}`);
  },

  'a lock and the leadership of a group have nothing in common': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const lock = a.lease(lockKey('g'));
    const leader = b.lease(lockKey('g', 'leader'));
    await a.take(lock);
    await b.take(leader);
    await a.driver.createGroup('g');
    assert.equal((await a.driver.inspect(lock.lock)).holders[0]?.memberId, 'a');
    assert.equal((await a.driver.inspect(leader.lock)).holders[0]?.memberId, 'b');
    assert.equal(await a.release(lock), true);
    assert.equal((await a.driver.inspect(leader.lock)).mode, 'exclusive');
    assert.deepEqual(await a.driver.listGroups(), ['g'], 'no lock is a group');
  },

  'locks of any name are told apart': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const names = ['l', 'L', 'l ', 'ł', 'x:y', '_lock', '%', '\udcff', '🔒', 'n'.repeat(1024)];
    for (const name of names) await a.take(a.lease(lockKey(name)));
    for (const name of names) assert.equal((await b.acquire(b.lease(lockKey(name)))).status, 'refused', name);
  },

  'a lease ends when nobody renews it': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [first, second] = [a.lease(LOCK), b.lease(LOCK)];
    await a.take(first, { ttlMs: SHORT_MS });
    await until('it is free', async () => (await b.driver.inspect(LOCK)).mode === null);
    assert.equal(await a.release(first), false);
    const fence = await b.take(second);
    assert.equal((await a.acquire(first)).status, 'refused', 'its token no longer counts');
    assert.equal(await a.release(first), false);
    assert.equal((await a.driver.inspect(LOCK)).holders[0]?.fence, BigInt(fence));
    assert.equal(await b.release(second), true);
  },

  'release frees what this token holds, once': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [held, other] = [a.lease(LOCK), b.lease(LOCK)];
    assert.equal(await a.release(held), false);
    await a.take(held);
    assert.equal(await b.release(other), false);
    assert.equal((await b.acquire(other)).status, 'refused');
    assert.equal(await a.release(held), true);
    assert.equal(await a.release(held), false);
    await b.take(other);
    assert.equal(await a.release(held), false, 'sent again, it harms nobody (B6)');
    assert.equal((await a.driver.inspect(LOCK)).holders[0]?.memberId, 'b');
  },

  'revoke breaks a lock, and its holder cannot harm the next': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const [first, second] = [a.lease(LOCK), b.lease(LOCK)];
    assert.equal(await b.driver.revoke(LOCK, 'break'), false);
    await a.take(first);
    assert.equal(await b.driver.revoke(LOCK, 'break'), true);
    assert.equal(await b.driver.revoke(LOCK, 'break'), false);
    await b.take(second);
    assert.deepEqual((await a.beat({ leases: [first] })).leases, ['lost']);
    assert.equal(await a.release(first), false);
    assert.equal((await a.acquire(a.lease(LOCK))).status, 'refused');
  },

  'revoke asks only who holds': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    assert.equal(await b.driver.revoke(LOCK, 'ask'), false);
    const held = a.lease(LOCK);
    await a.take(held);
    assert.equal(await b.driver.revoke(LOCK, 'ask'), true);
    assert.equal((await a.driver.inspect(LOCK)).holders[0]?.memberId, 'a', 'it still holds');
    await a.release(held);
    assert.equal(await b.driver.revoke(LOCK, 'ask'), false);
  },

  'inspect tells holder, fence and time left': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    assert.deepEqual(await b.driver.inspect(LOCK), { mode: null, holders: [], waiters: [] });
    const fence = await a.take(a.lease(LOCK), { ttlMs: 10_000 });
    const { mode, holders, waiters } = await b.driver.inspect(LOCK);
    assert.equal(mode, 'exclusive');
    assert.deepEqual(waiters, []);
    assert.deepEqual(
      holders.map((h) => [h.memberId, h.fence]),
      [['a', BigInt(fence)]],
    );
    const left = holders[0]?.ttlMs ?? 0;
    assert.ok(left > 0 && left <= 10_000, `${left} ms left of 10,000`);
  },
};
