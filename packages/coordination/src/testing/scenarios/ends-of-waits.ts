import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { ConnectionError, OperationTimedOut } from '../../errors.js';
import type { Coordinator } from '../../index.js';
import { faulty } from '../faulty.js';
import { lockKey } from '../probe.js';
import type { Cases } from '../trial.js';
import { soon, until } from '../until.js';

const TRY = { blocking: false } as const;

const queueOf = async (coordinator: Coordinator): Promise<string[]> =>
  (await coordinator.inspectLock('l')).queue.map(({ memberId }) => memberId);

const queued = (coordinator: Coordinator, length: number): Promise<unknown> =>
  until(`${length} wait`, async () => (await queueOf(coordinator)).length === length);

/** Resolves once the lock is free and nobody waits for it. */
const untouched = (coordinator: Coordinator): Promise<unknown> =>
  until('nothing is left', async () => {
    const { mode, queue } = await coordinator.inspectLock('l');
    return mode === null && queue.length === 0;
  });

/** How waits and scopes end. */
export const waitScenarios: Cases = {
  'B15 a waiter at the head that gives up makes room for the next': async (t) => {
    const [a, b, c] = await t.coordinators(['a', 'b', 'c']);
    const held = a.getLock('l');
    await held.acquire();
    const abort = new AbortController();
    const first = b.getLock('l').acquire({ signal: abort.signal });
    await queued(a, 1);
    const second = c.getLock('l').acquire();
    await queued(a, 2);
    const reason = new Error('enough');
    abort.abort(reason);
    await assert.rejects(first, (error) => error === reason);
    assert.deepEqual(await queueOf(a), ['c']);
    assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
    await held.release();
    assert.equal(await soon('the next', second), true);
    assert.deepEqual(await queueOf(a), []);
  },

  'B15 a waiter at the head that died keeps the next for its claim timeout only': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b'], { claimTimeoutMs: 200 });
    const dead = await t.probe('dead');
    const held = a.getLock('l');
    await held.acquire();
    await dead.enqueue(dead.lease(lockKey('l')), { claimTimeoutMs: 200 });
    const next = b.getLock('l').acquire();
    await queued(a, 2);
    await dead.driver.close();
    await held.release();
    assert.equal(await soon('the next', next), true);
    assert.deepEqual(await queueOf(a), []);
  },

  'B16 an acquire gives up when its time is over, and leaves nothing': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const held = a.getLock('l');
    await held.acquire();
    // Long enough for the store to say that it is busy: where it says nothing in time, that is no answer but an error.
    for (const timeoutMs of [0, 500]) {
      const lock = b.getLock('l');
      assert.equal(await soon('the time-out', lock.acquire({ timeoutMs })), false);
      assert.equal(lock.acquired, false);
      assert.deepEqual(await queueOf(a), []);
    }
    await held.release();
    await untouched(a);
  },

  'B16 an acquire whose time is over before the store can answer says so or is refused, and leaves nothing':
    async (t) => {
      const [a, b] = await t.coordinators(['a', 'b']);
      const held = a.getLock('l');
      await held.acquire();
      for (let tries = 0; tries < 20; tries++) {
        const lock = b.getLock('l');
        const outcome = await soon(
          'the time-out',
          lock.acquire({ timeoutMs: 1 }).catch((error: unknown) => error),
        );
        assert.ok(outcome === false || outcome instanceof OperationTimedOut, `ended with ${outcome}`);
        assert.equal(lock.acquired, false);
        assert.deepEqual(await queueOf(a), []);
      }
      await held.release();
      await untouched(a);
    },

  'B16 an acquire that is aborted leaves nothing, whenever that happens': async (t) => {
    const a = await t.coordinator('a');
    const reason = new Error('enough');
    const lock = a.getLock('l');
    for (const wait of [() => Promise.resolve(), () => turn()])
      for (let steps = 0; steps < 25; steps++) {
        const abort = new AbortController();
        const acquiring = lock.acquire({ signal: abort.signal }).catch((error: unknown) => error);
        for (let i = 0; i < steps; i++) await wait();
        abort.abort(reason);
        const outcome = await soon('the end', acquiring);
        assert.ok(outcome === true || outcome === reason, `ended with ${outcome}`);
        assert.equal(lock.acquired, outcome === true, `after ${steps} steps`);
        if (outcome === true) assert.equal(await lock.release(), true);
        await untouched(a);
        assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
      }
  },

  'B16 a waiter that is aborted as its turn comes leaves nothing, whenever that happens': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const [held, lock] = [a.getLock('l'), b.getLock('l')];
    for (const wait of [() => Promise.resolve(), () => turn()])
      for (let steps = 0; steps < 15; steps++) {
        const abort = new AbortController();
        await held.acquire();
        const acquiring = lock.acquire({ signal: abort.signal }).catch((error: unknown) => error);
        await queued(a, 1);
        const released = held.release();
        for (let i = 0; i < steps; i++) await wait();
        abort.abort(new Error('enough'));
        if ((await soon('the end', acquiring)) === true) assert.equal(await lock.release(), true);
        else assert.equal(lock.acquired, false);
        assert.equal(await released, true);
        await untouched(a);
      }
  },

  'B16 an acquire with a signal that has aborted sends nothing': async (t) => {
    let sent = 0;
    const driver = faulty(t.driver, (real) => ({
      acquire: (request) => {
        sent++;
        return real.acquire(request);
      },
    }));
    const a = await t.coordinator('a', { driver });
    await assert.rejects(
      a.getLock('l').acquire({ signal: AbortSignal.abort(new Error('enough')) }),
      /enough/,
    );
    assert.equal(sent, 0);
  },

  'B31 the error of a scope’s body is the one thrown, though its release fails': async (t) => {
    const driver = faulty(t.driver, () => ({
      release: () => Promise.reject(new ConnectionError('nobody answers')),
    }));
    const a = await t.coordinator('a', { driver, lockTtlMs: 300 });
    const failure = new Error('the body failed');
    const scope = async (): Promise<void> => {
      await using hold = await a.getLock('l').hold();
      assert.ok(hold.fencingToken > 0n);
      throw failure;
    };
    await assert.rejects(scope(), (error) => error === failure);
  },

  'B31 the error of a scope’s body is the one thrown, though its lock was lost': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const failure = new Error('the body failed');
    const scope = async (): Promise<void> => {
      await using hold = await a.getLock('l').hold();
      assert.equal(await b.getLock('l').break(), true);
      assert.equal(await b.getLock('l').acquire(TRY), true);
      assert.equal(hold.lock.name, 'l');
      throw failure;
    };
    await assert.rejects(scope(), (error) => error === failure);
    assert.equal((await b.inspectLock('l')).holder, 'b');
  },

  'B31 a scope without an error ends without one': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    {
      await using hold = await a.getLock('l').hold();
      await b.getLock('l').break();
      assert.equal(await hold.release(), false);
    }
    await untouched(a);
  },
};
