import assert from 'node:assert/strict';
import { LockAcquireFailed } from '../../errors.js';
import type { Coordinator, Lock } from '../../index.js';
import { fails } from '../fails.js';
import type { Cases, Trial } from '../trial.js';
import { soon, until } from '../until.js';

const TRY = { blocking: false } as const;

async function busy(lock: Lock): Promise<void> {
  assert.equal(await lock.acquire(TRY), false);
  assert.equal(lock.acquired, false);
}

async function free(lock: Lock): Promise<void> {
  assert.equal(await lock.acquire(TRY), true);
  assert.equal(await lock.release(), true);
}

/** Takes the lock in another process or thread, if the driver reaches that far. */
async function elsewhere(t: Trial, a: Coordinator, where: 'process' | 'thread'): Promise<void> {
  const reach = `DISTRIBUTED_ACROSS_${where === 'process' ? 'PROCESSES' : 'THREADS'}` as const;
  if (!t.driver.characteristics.has(reach)) return;
  if (!t.backend.elsewhere)
    return assert.fail(`${t.driver.name} claims ${reach}; show it by Backend.elsewhere`);
  const peer = await t.backend.elsewhere(where);
  t.finally(() => peer.close());
  const order = { url: t.backend.url, namespace: t.namespace, memberId: where, lock: 'l' };
  const lock = a.getLock('l');
  assert.equal(await lock.acquire(), true);
  assert.equal(await peer.tryLock(order), false, `busy in another ${where}`);
  assert.equal(await lock.release(), true);
  assert.equal(await peer.tryLock(order), true, `free in another ${where}`);
  await busy(lock);
  assert.equal(await peer.unlock(), true);
  await free(lock);
}

/** A 54–67. */
export const locks: Cases = {
  'A54 acquire, release, and then a scope': async (t) => {
    const a = await t.coordinator('a');
    const lock = a.getLock('l');
    assert.equal(await lock.acquire(), true);
    assert.equal(lock.acquired, true);
    assert.equal(await lock.isStillOwner(), true);
    assert.equal(await lock.release(), true);
    assert.equal(lock.acquired, false);
    assert.equal(await lock.isStillOwner(), false);
    {
      await using hold = await lock.hold();
      assert.equal(lock.acquired, true);
      assert.ok(hold.fencingToken > 0n);
    }
    assert.equal(lock.acquired, false);
    await free(a.getLock('l'));
  },

  'A55 release of what is not held is false': async (t) => {
    const a = await t.coordinator('a');
    const lock = a.getLock('l');
    assert.equal(await lock.release(), false);
    await lock.acquire();
    assert.equal(await lock.release(), true);
    assert.equal(await lock.release(), false);
  },

  'A56 a second object of the same name is refused, and its release is harmless': async (t) => {
    const a = await t.coordinator('a');
    const [first, second] = [a.getLock('l'), a.getLock('l')];
    assert.equal(await first.acquire(), true);
    await busy(second);
    assert.equal(await second.release(), false);
    await busy(a.getLock('l'));
    assert.equal(await first.release(), true);
  },

  'A57 the same object acquired twice without waiting: the second is false, and release works': async (t) => {
    const a = await t.coordinator('a');
    const lock = a.getLock('l');
    assert.equal(await lock.acquire(TRY), true);
    assert.equal(await lock.acquire(TRY), false);
    assert.equal(lock.acquired, true);
    assert.equal(await lock.release(), true);
    await free(a.getLock('l'));
  },

  'A58 a second acquire that waits on the same object succeeds when the scope of the holder ends': async (
    t,
  ) => {
    const a = await t.coordinator('a');
    const lock = a.getLock('l');
    let granted = false;
    let second: Promise<boolean>;
    {
      await using hold = await lock.hold();
      second = lock.acquire().then((value) => {
        granted = true;
        return value;
      });
      await until('it waits', async () => (await a.inspectLock('l')).queue.length === 1);
      assert.deepEqual([granted, hold.signal.aborted], [false, false]);
    }
    assert.equal(await soon('the second acquire', second), true);
    assert.equal(lock.acquired, true);
    assert.equal(await lock.release(), true);
    await free(a.getLock('l'));
  },

  'A59 busy while held and free after release: the same coordinator': async (t) => {
    const a = await t.coordinator('a');
    const [one, two] = [a.getLock('l'), a.getLock('l')];
    assert.equal(await one.acquire(), true);
    await busy(two);
    assert.equal(await one.release(), true);
    await free(two);
  },

  'A59 busy while held and free after release: another coordinator': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const [one, two] = [a.getLock('l'), b.getLock('l')];
    assert.equal(await one.acquire(), true);
    await busy(two);
    assert.equal(await one.release(), true);
    await free(two);
  },

  'A59 busy while held and free after release: another thread': async (t) =>
    elsewhere(t, await t.coordinator('a'), 'thread'),

  'A59 busy while held and free after release: another process': async (t) =>
    elsewhere(t, await t.coordinator('a'), 'process'),

  'A60 a held lock does not disturb another one': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const one = a.getLock('one');
    assert.equal(await one.acquire(), true);
    const two = b.getLock('two');
    assert.equal(await two.acquire(TRY), true);
    await busy(a.getLock('two'));
    await busy(b.getLock('one'));
    assert.equal(await two.release(), true);
    assert.equal(one.acquired, true);
    assert.equal(await one.isStillOwner(), true);
    await free(a.getLock('two'));
    assert.equal(await one.release(), true);
  },

  'A61 another coordinator is refused while it is held, and gets it by waiting': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const [one, two] = [a.getLock('l'), b.getLock('l')];
    assert.equal(await one.acquire(), true);
    await busy(two);
    const waiting = two.acquire();
    await until('it waits', async () => (await a.inspectLock('l')).queue.length === 1);
    assert.equal(await one.release(), true);
    assert.equal(await soon('the waiting acquire', waiting), true);
    assert.equal(await two.release(), true);
  },

  'A62 break lets another in, whom the old holder cannot harm': async (t) => {
    const [a, b, c] = await t.coordinators(['a', 'b', 'c']);
    const [old, next, third] = [a.getLock('l'), b.getLock('l'), c.getLock('l')];
    assert.equal(await next.break(), false, 'nobody holds it');
    assert.equal(await old.acquire(), true);
    assert.equal(await next.break(), true);
    assert.equal(await next.acquire(TRY), true);
    assert.equal(await old.release(), false);
    await busy(third);
    assert.equal(next.acquired, true);
    assert.equal(await next.isStillOwner(), true);
    assert.equal(await next.release(), true);
    await free(third);
  },

  'A63 a scope gives the lock itself, and passes its options on to acquire': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const [one, two] = [a.getLock('l'), b.getLock('l')];
    await using first = await one.hold({ shared: true, blocking: false });
    await using second = await two.hold({ shared: true, timeoutMs: 5_000 });
    assert.equal(first.lock, one);
    assert.equal(second.lock, two);
    const abort = new AbortController();
    abort.abort(new Error('mine'));
    await assert.rejects(a.getLock('m').hold({ signal: abort.signal }), /mine/);
  },

  'A64 a scope that cannot have its lock in time fails': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.getLock('l').acquire();
    const lock = b.getLock('l');
    const error = await fails(lock.hold({ timeoutMs: 500 }), 'LOCK_ACQUIRE_FAILED');
    assert.ok(error instanceof LockAcquireFailed);
    assert.equal(error.lockName, 'l');
    assert.equal(lock.acquired, false);
    assert.deepEqual((await a.inspectLock('l')).queue, []);
  },

  'A65 a scope that does not wait fails on a held lock': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const lock = a.getLock('l');
    await lock.acquire();
    for (const other of [b.getLock('l'), a.getLock('l'), lock])
      await fails(other.hold(TRY), 'LOCK_ACQUIRE_FAILED');
    assert.equal(await lock.release(), true);
  },

  'A66 release within the scope is true, and leaving the scope then harms nobody': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const how of ['lock', 'hold'] as const) {
      const lock = a.getLock('l');
      const next = b.getLock('l');
      {
        await using hold = await lock.hold();
        assert.equal(await (how === 'lock' ? lock : hold).release(), true);
        assert.equal(await hold.release(), false);
        assert.equal(await next.acquire(TRY), true);
      }
      assert.equal(await next.isStillOwner(), true);
      assert.equal(await next.release(), true);
    }
  },

  'A67 a lock has the name that it was given': async (t) => {
    const a = await t.coordinator('a');
    assert.equal(a.getLock('l').name, 'l');
    assert.equal(a.getLock('x:ü 🐘 '.slice(2)).name, 'ü 🐘 ');
    const name = Uint8Array.of(0x6c, 0xff);
    assert.equal(a.getLock(name).name, name);
    await a.getLock(name).acquire();
    await busy(a.getLock('l\udcff'));
  },
};
