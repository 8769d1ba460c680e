import assert from 'node:assert/strict';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { recorder } from './events.js';

const TTL_MS = 500;

/** A 36–39. */
export const liveness: Cases = {
  'A36 heartbeat can be called by hand': async (t) => {
    const a = await t.coordinator('a', { heart: false, membershipTtlMs: 20_000, lockTtlMs: 10_000 });
    await a.joinGroupCreate('g');
    await a.getLock('l').acquire();
    for (let i = 0; i < 3; i++) {
      const next = await a.heartbeat();
      assert.ok(
        next > 0 && next <= 10_000 / 2,
        `the next beat is due in ${next} ms, well before a lease of 10,000`,
      );
    }
  },

  'A37 the heart is still until started, then beats, and stops': async (t) => {
    const a = await t.coordinator('a', { heart: false, membershipTtlMs: 150, lockTtlMs: 150 });
    assert.deepEqual([a.heart.isAlive, a.heart.beats], [false, 0]);
    await a.joinGroupCreate('g');
    a.heart.start();
    assert.equal(a.heart.isAlive, true);
    a.heart.start();
    await until('it has beaten twice', () => a.heart.beats >= 2);
    await a.heart.stop();
    assert.equal(a.heart.isAlive, false);
    const beats = a.heart.beats;
    const observer = await t.coordinator('observer');
    await until('the silent member is gone', async () => !(await observer.getMembers('g')).has('a'));
    assert.equal(a.heart.beats, beats);
    a.heart.start();
    await until('it beats again', () => a.heart.beats !== beats && a.heart.beats >= 1);
  },

  'A37 the heart beats from start unless told otherwise, and ends with stop': async (t) => {
    const a = await t.coordinator('a', { membershipTtlMs: TTL_MS, lockTtlMs: TTL_MS });
    assert.equal(a.heart.isAlive, true);
    await until('it beats', () => a.heart.beats >= 1);
    await a.stop();
    assert.equal(a.heart.isAlive, false);
  },

  'A38 who is silent longer than the TTL drops out, with one leave event, and who beats stays': async (t) => {
    const options = { membershipTtlMs: TTL_MS, heart: false };
    const [beating, silent] = await t.coordinators(['beating', 'silent'], options);
    const observer = await t.coordinator('observer');
    await beating.createGroup('g');
    const left = recorder();
    await beating.joinGroup('g');
    await silent.joinGroup('g');
    await observer.watchLeaveGroup('g', left);
    assert.deepEqual(await observer.runWatchers(), []);
    await until('the silent one has dropped out', async () => {
      await beating.heartbeat();
      await observer.runWatchers();
      return left.events.length > 0;
    });
    await beating.heartbeat();
    assert.deepEqual(await observer.getMembers('g'), new Set(['beating']));
    assert.deepEqual(await observer.runWatchers(), []);
    assert.deepEqual(left.events, [{ type: 'left', groupId: 'g', memberId: 'silent' }]);
  },

  'A39 renewing a lock that was never taken returns false': async (t) => {
    const a = await t.coordinator('a', { heart: false });
    const lock = a.getLock('l');
    assert.equal(await lock.heartbeat(), false);
    assert.equal(lock.acquired, false);
    assert.equal(await a.getLock('l').acquire({ blocking: false }), true, 'and takes nothing');
  },
};
