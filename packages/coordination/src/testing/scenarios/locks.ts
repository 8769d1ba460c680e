import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { ConnectionError } from '../../errors.js';
import { countingClock } from '../counting-clock.js';
import { fails } from '../fails.js';
import { faulty } from '../faulty.js';
import type { Cases, Trial } from '../trial.js';
import { soon, until } from '../until.js';

const TRY = { blocking: false } as const;
const SHORT = { lockTtlMs: 100, heart: false } as const;

/** Resolves once the lock is free and nobody waits for it. */
async function untouched(t: Trial, name: string): Promise<void> {
  const observer = await t.probe('observer');
  await until(`nothing of ${name} is left`, async () => {
    const { mode, waiters } = await observer.driver.inspect({ kind: 'lock', id: name, text: true });
    return mode === null && waiters.length === 0;
  });
}

/** Leases, and what is left of them. */
export const lockScenarios: Cases = {
  'B4 fencing tokens rise over mixed holders, breaks, ends of leases and terms': async (t) => {
    const coordinators = await t.coordinators(['a', 'b', 'c']);
    const dying = await t.coordinator('dying', SHORT);
    const [a] = coordinators;
    await a.createGroup('g');
    let last = 0n;
    const rises = (token: bigint | null, what: string): void => {
      assert.ok(token !== null && token > last, `${what} has ${token} after ${last}`);
      last = token;
    };
    for (let i = 0; i < 120; i++) {
      const coordinator = coordinators[i % 3] ?? a;
      const lock = coordinator.getLock(`l${i % 2}`);
      assert.equal(await lock.acquire({ shared: i % 7 === 0 }), true);
      rises(lock.fencingToken, `acquisition ${i}`);
      if (i % 10 === 0) await a.getLock(`l${i % 2}`).break();
      else await lock.release();
      if (i % 30 === 0) await coordinator.lead('g', async ({ term }) => rises(term, `the term after ${i}`));
    }
    const ending = dying.getLock('l0');
    await ending.acquire();
    rises(ending.fencingToken, 'the lease that ends');
    const next = a.getLock('l0');
    await next.acquire();
    rises(next.fencingToken, 'the one after the end of a lease');
  },

  'B5 an acquire whose answer is lost leaves nothing behind': async (t) => {
    let lost = 0;
    const driver = faulty(t.driver, (real) => ({
      acquire: async (request) => {
        const reply = await real.acquire(request);
        if (lost++ > 0) return reply;
        throw new ConnectionError('the answer was lost');
      },
    }));
    const [a, b] = [await t.coordinator('a', { driver }), await t.coordinator('b')];
    const lock = a.getLock('l');
    await fails(lock.acquire(), 'CONNECTION');
    assert.equal(lock.acquired, false);
    await until('another can have it', () => b.getLock('l').acquire(TRY));
    assert.equal(lost, 1);
  },

  'B6 a release whose answer is lost harms nobody': async (t) => {
    const driver = faulty(t.driver, (real) => ({
      release: async (request) => {
        await real.release(request);
        throw new ConnectionError('the answer was lost');
      },
    }));
    const [a, b] = [await t.coordinator('a', { driver }), await t.coordinator('b')];
    const [lock, next] = [a.getLock('l'), b.getLock('l')];
    await lock.acquire();
    await fails(lock.release(), 'CONNECTION');
    assert.equal(await next.acquire(TRY), true);
    assert.equal(await lock.release(), false);
    await a.heartbeat();
    assert.equal(await next.isStillOwner(), true);
  },

  'B7 who lost its lease neither renews nor releases the next holder’s': async (t) => {
    const [a, b] = [await t.coordinator('a', SHORT), await t.coordinator('b', { lockTtlMs: 20_000 })];
    const [first, second] = [a.getLock('l'), b.getLock('l')];
    await first.acquire();
    const { signal } = first;
    assert.equal(await soon('the end of the lease', second.acquire()), true);
    assert.deepEqual([first.acquired, signal.aborted], [false, true]);
    assert.equal(await first.heartbeat(), false);
    await a.heartbeat();
    assert.equal(await first.release(), false);
    const { holder, fencingToken, ttlMs } = await a.inspectLock('l');
    assert.deepEqual([holder, fencingToken], ['b', second.fencingToken]);
    assert.ok(
      ttlMs !== null && ttlMs > 1_000 && ttlMs <= 20_000,
      `its lease lasts another ${ttlMs} ms of 20,000`,
    );
    assert.equal(await second.release(), true);
  },

  'B8 a lease that has ended is not renewed though nobody took the lock': async (t) => {
    const [a, b] = [await t.coordinator('a', SHORT), await t.coordinator('b')];
    const lock = a.getLock('l');
    await lock.acquire();
    const { signal } = lock;
    await until('it is free', async () => (await b.inspectLock('l')).mode === null);
    assert.equal(await lock.heartbeat(), false);
    await a.heartbeat();
    assert.equal((await b.inspectLock('l')).mode, null);
    assert.deepEqual([lock.acquired, signal.aborted], [false, true]);
    assert.equal(await lock.release(), false);
    assert.equal(await b.getLock('l').acquire(TRY), true);
  },

  'B14 a hundred waiters of two coordinators are served in their order': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b'], { claimTimeoutMs: 15_000 });
    const held = a.getLock('l');
    await held.acquire();
    const served: number[] = [];
    let holders = 0;
    const waiting: Promise<void>[] = [];
    for (let i = 0; i < 100; i++) {
      const lock = (i % 2 === 0 ? a : b).getLock('l');
      const wait = async (): Promise<void> => {
        assert.equal(await lock.acquire(), true);
        assert.equal(++holders, 1, `waiter ${i} holds it alone`);
        served.push(i);
        holders--;
        assert.equal(await lock.release(), true);
      };
      waiting.push(wait());
      await until(
        `waiter ${i} is in the queue`,
        async () => (await a.inspectLock('l')).queue.length === i + 1,
      );
    }
    assert.deepEqual(served, []);
    await held.release();
    await Promise.all(waiting);
    assert.deepEqual(
      served,
      Array.from({ length: 100 }, (_, i) => i),
    );
    await untouched(t, 'l');
  },

  'B30 many cycles leave no timer, no listener and nothing in the store': async (t) => {
    const clock = countingClock();
    const [a, b] = await t.coordinators(['a', 'b'], { clock });
    const abort = new AbortController();
    const o = { signal: abort.signal };
    for (let i = 0; i < 40; i++) {
      const [one, two] = [a.getLock('l'), b.getLock('l')];
      await one.acquire(o);
      const waiting = two.acquire(o);
      await one.release(o);
      await waiting;
      await two.release(o);
      await Promise.all([one.acquire({ ...o, shared: true }), two.acquire({ ...o, shared: true })]);
      await Promise.all([one.release(), two.release()]);
      await a.joinGroupCreate('g', null, o);
      const hook = (): null => null;
      await b.watchJoinGroup('g', hook, o);
      await b.runWatchers(o);
      b.unwatchJoinGroup('g', hook);
      await a.leaveGroup('g', o);
      await a.deleteGroup('g', o);
    }
    await untouched(t, 'l');
    assert.deepEqual(await a.getGroups(), []);
    assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
    await Promise.all([a.stop(), b.stop()]);
    await until('no timer is left', () => clock.pending === 0);
  },
};
