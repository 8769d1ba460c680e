import assert from 'node:assert/strict';
import { ConnectionError } from '../../errors.js';
import { countingClock } from '../counting-clock.js';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';

/** A 1–3. */
export const lifecycle: Cases = {
  'A1 start fails with a connection error where no store answers': async (t) => {
    const clock = countingClock();
    const { unreachableUrl } = t.backend;
    const options = { timeoutMs: 500, clock };
    const coordinator = unreachableUrl
      ? t.at(unreachableUrl, 'a', options)
      : t.idle('a', {
          ...options,
          driver: { ...t.driver, open: () => Promise.reject(new ConnectionError('nobody answers')) },
        });
    const error = await fails(coordinator.start(), 'CONNECTION');
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.retryable, true);
    assert.equal(coordinator.isStarted, false);
    assert.equal(coordinator.heart.isAlive, false);
    await fails(coordinator.getGroups(), 'NOT_STARTED');
    await until('no timer is left', () => clock.pending === 0);
    await fails(coordinator.start(), 'CONNECTION');
  },

  'A2 stop before start is an error': async (t) => {
    const coordinator = t.idle('a');
    await fails(coordinator.stop(), 'NOT_STARTED');
    await coordinator.start();
    await coordinator.stop();
    await fails(coordinator.stop(), 'NOT_STARTED');
  },

  'A3 the started flag follows start and stop, and start works again': async (t) => {
    const coordinator = t.idle('a');
    assert.equal(coordinator.isStarted, false);
    await fails(coordinator.getGroups(), 'NOT_STARTED');
    for (const group of ['g1', 'g2']) {
      await coordinator.start();
      assert.equal(coordinator.isStarted, true);
      await fails(coordinator.start(), 'ALREADY_STARTED');
      await coordinator.joinGroupCreate(group);
      assert.deepEqual(await coordinator.getMembers(group), new Set(['a']));
      await coordinator.stop();
      assert.equal(coordinator.isStarted, false);
      assert.equal(coordinator.joinedGroups.size, 0);
      await fails(coordinator.getGroups(), 'NOT_STARTED');
    }
  },

  'A3 stop leaves no timer, and a coordinator disposes of itself': async (t) => {
    const clock = countingClock();
    const other = await t.coordinator('b');
    {
      await using coordinator = t.idle('a', { clock });
      await coordinator.start();
      await coordinator.joinGroupCreate('g');
      await coordinator.watchJoinGroup('g', () => null);
      await coordinator.getLock('l').acquire();
    }
    await until('no timer is left', () => clock.pending === 0);
    assert.equal(await other.getLock('l').acquire({ blocking: false }), true);
    assert.deepEqual(await other.getMembers('g'), new Set());
  },
};
