import assert from 'node:assert/strict';
import type { Cases } from '../trial.js';

const TRY = { blocking: false } as const;
const SHARED = { blocking: false, shared: true } as const;

/** A 68–72. */
export const sharedLocks: Cases = {
  'A68 shared acquire, release, and a scope': async (t) => {
    const a = await t.coordinator('a');
    const lock = a.getLock('l');
    assert.equal(await lock.acquire({ shared: true }), true);
    assert.equal(lock.acquired, true);
    assert.equal(await lock.isStillOwner(), true);
    assert.equal(await lock.release(), true);
    assert.equal(lock.acquired, false);
    {
      await using hold = await lock.hold({ shared: true });
      assert.equal(hold.lock.acquired, true);
    }
    assert.equal(lock.acquired, false);
    assert.equal(await a.getLock('l').acquire(TRY), true);
  },

  'A69 the same object takes it shared twice, and releases twice': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const lock = a.getLock('l');
    assert.equal(await lock.acquire({ shared: true }), true);
    assert.equal(await lock.acquire(SHARED), true);
    assert.equal(await lock.release(), true);
    assert.equal(lock.acquired, true);
    assert.equal(await b.getLock('l').acquire(TRY), false, 'once is still to be released');
    assert.equal(await lock.release(), true);
    assert.equal(lock.acquired, false);
    assert.equal(await lock.release(), false);
    assert.equal(await b.getLock('l').acquire(TRY), true);
  },

  'A70 two coordinators hold it shared together': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const [one, two] = [a.getLock('l'), b.getLock('l')];
    assert.equal(await one.acquire(SHARED), true);
    assert.equal(await two.acquire(SHARED), true);
    assert.deepEqual([one.acquired, two.acquired], [true, true]);
    assert.equal(await one.release(), true);
    assert.equal(await two.isStillOwner(), true);
    assert.equal(await two.release(), true);
  },

  'A71 exclusive is refused while it is held shared, and its release is false': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const reader = a.getLock('l');
    assert.equal(await reader.acquire(SHARED), true);
    for (const writer of [b.getLock('l'), a.getLock('l')]) {
      assert.equal(await writer.acquire(TRY), false);
      assert.equal(await writer.release(), false);
    }
    assert.equal(await reader.isStillOwner(), true);
    assert.equal(await reader.release(), true);
    assert.equal(await b.getLock('l').acquire(TRY), true);
  },

  'A72 shared is refused while it is held exclusively': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const writer = a.getLock('l');
    assert.equal(await writer.acquire(), true);
    for (const reader of [b.getLock('l'), a.getLock('l')]) {
      assert.equal(await reader.acquire(SHARED), false);
      assert.equal(await reader.release(), false);
    }
    assert.equal(await writer.release(), true);
    assert.equal(await b.getLock('l').acquire(SHARED), true);
  },
};
