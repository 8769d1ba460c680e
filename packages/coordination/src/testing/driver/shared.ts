import assert from 'node:assert/strict';
import type { LockKey } from '../../driver/index.js';
import { lockKey } from '../probe.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { SHORT_MS } from './silence.js';

const LOCK: LockKey = lockKey('l');
const FREE = { mode: null, holders: [], waiters: [] };

/** `acquire` and `release` of shared locks. */
export const sharedCases: Cases = {
  'readers hold together, a writer alone': async (t) => {
    const [a, b, c] = [await t.probe('a'), await t.probe('b'), await t.probe('c')];
    const readers = [a.lease(LOCK, 'shared'), b.lease(LOCK, 'shared'), a.lease(LOCK, 'shared')] as const;
    const fences = [await a.take(readers[0]), await b.take(readers[1]), await a.take(readers[2])];
    assert.equal((await c.acquire(c.lease(LOCK))).status, 'refused');
    const { mode, holders } = await c.driver.inspect(LOCK);
    assert.equal(mode, 'shared');
    assert.deepEqual(holders.map(({ memberId }) => memberId).sort(), ['a', 'a', 'b']);
    assert.deepEqual(
      fences,
      fences.toSorted((x, y) => x - y),
    );
    for (const [i, lease] of readers.entries()) {
      assert.equal((await c.acquire(c.lease(LOCK))).status, 'refused', `${i} of 3 have released`);
      assert.equal(await (i === 1 ? b : a).release(lease), true);
      assert.equal(await (i === 1 ? b : a).release(lease), false);
    }
    const writer = c.lease(LOCK);
    await c.take(writer);
    assert.equal((await a.acquire(a.lease(LOCK, 'shared'))).status, 'refused');
    assert.equal(await c.release(writer), true);
    assert.deepEqual(await a.driver.inspect(LOCK), FREE);
  },

  'a shared acquire sent again is one reader with a full lease': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const lease = a.lease(LOCK, 'shared');
    await a.take(lease, { ttlMs: 1_000 });
    await a.take(lease, { ttlMs: 20_000 });
    const { holders } = await b.driver.inspect(LOCK);
    assert.equal(holders.length, 1);
    assert.ok((holders[0]?.ttlMs ?? 0) > 1_000, `lasts ${holders[0]?.ttlMs} ms from the second call`);
    assert.equal(await a.release(lease), true);
    assert.deepEqual(await b.driver.inspect(LOCK), FREE);
  },

  'each reader has its own lease': async (t) => {
    const [a, b, c] = [await t.probe('a'), await t.probe('b'), await t.probe('c')];
    const [silent, kept] = [a.lease(LOCK, 'shared'), b.lease(LOCK, 'shared')];
    await b.take(kept, { ttlMs: 20_000 });
    await a.take(silent, { ttlMs: SHORT_MS });
    await until('one reader is over', async () => (await c.driver.inspect(LOCK)).holders.length === 1);
    assert.equal(await a.release(silent), false);
    assert.deepEqual((await a.beat({ leases: [silent] })).leases, ['lost']);
    assert.equal((await c.acquire(c.lease(LOCK))).status, 'refused');
    assert.deepEqual((await b.beat({ leases: [kept] })).leases, ['renewed']);
    assert.equal(await b.release(kept), true);
    await c.take(c.lease(LOCK));
  },

  'renewal of one reader does not shorten the lock for another': async (t) => {
    const [a, b, c] = [await t.probe('a'), await t.probe('b'), await t.probe('c')];
    const [long, short] = [a.lease(LOCK, 'shared'), b.lease(LOCK, 'shared')];
    await a.take(long, { ttlMs: 20_000 });
    await b.take(short, { ttlMs: SHORT_MS });
    await b.beat({ leases: [short], lockTtlMs: SHORT_MS });
    await until('the short reader is over', async () => (await c.driver.inspect(LOCK)).holders.length === 1);
    assert.equal((await c.acquire(c.lease(LOCK))).status, 'refused');
    assert.equal(await a.release(long), true);
  },

  'B28 a reader does not pass a writer that waits': async (t) => {
    const [a, b, c] = [await t.probe('a'), await t.probe('b'), await t.probe('c')];
    const held = a.lease(LOCK, 'shared');
    await a.take(held);
    const [writer, reader] = [b.lease(LOCK), c.lease(LOCK, 'shared')];
    await b.enqueue(writer);
    assert.equal((await c.acquire(c.lease(LOCK, 'shared'))).status, 'refused');
    await c.enqueue(reader);
    await a.release(held);
    await b.take(writer, { wait: true });
    await c.enqueue(reader);
    await b.release(writer);
    await c.take(reader, { wait: true });
  },

  'readers at the head of the queue are let in one after the other': async (t) => {
    const holder = await t.probe('holder');
    const held = holder.lease(LOCK);
    await holder.take(held);
    const readers = await Promise.all(['r0', 'r1', 'r2'].map((id) => t.probe(id)));
    const leases = readers.map((probe) => [probe, probe.lease(LOCK, 'shared')] as const);
    const writer = await t.probe('writer');
    const last = writer.lease(LOCK);
    for (const [probe, lease] of leases) {
      await probe.driver.listen(new Set());
      await probe.enqueue(lease);
    }
    await writer.enqueue(last);
    await holder.release(held);
    for (const [probe, lease] of leases) {
      await probe.heard('turn', lease.token);
      await probe.take(lease, { wait: true });
    }
    assert.equal((await holder.driver.inspect(LOCK)).holders.length, 3);
    for (const [probe, lease] of leases) {
      await writer.enqueue(last);
      await probe.release(lease);
    }
    await writer.take(last, { wait: true });
  },

  'revoke breaks all readers at once': async (t) => {
    const [a, b, c] = [await t.probe('a'), await t.probe('b'), await t.probe('c')];
    const [one, two] = [a.lease(LOCK, 'shared'), b.lease(LOCK, 'shared')];
    await a.take(one);
    await b.take(two);
    assert.equal(await c.driver.revoke(LOCK, 'break'), true);
    const next = c.lease(LOCK, 'shared');
    await c.take(next);
    assert.deepEqual((await a.beat({ leases: [one] })).leases, ['lost']);
    assert.equal(await b.release(two), false);
    assert.deepEqual(
      (await c.driver.inspect(LOCK)).holders.map(({ memberId }) => memberId),
      ['c'],
    );
    assert.equal(await c.release(next), true);
    assert.deepEqual(await c.driver.inspect(LOCK), FREE);
  },
};
