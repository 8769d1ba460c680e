import assert from 'node:assert/strict';
import { CHARACTERISTICS } from '../../characteristics.js';
import { countingClock } from '../counting-clock.js';
import { fails } from '../fails.js';
import { lockKey, NO_CAPABILITIES, type Probe } from '../probe.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';

const lease = (probe: Probe) => probe.lease(lockKey('l'));

/** The definition, `open`, `listen`, `close`. */
export const lifeCases: Cases = {
  'the definition describes the driver': async ({ driver, backend }) => {
    assert.ok(driver.name.length > 0);
    assert.ok(
      driver.schemes.includes(new URL(backend.url).protocol.slice(0, -1)),
      'serves the URL of the suite',
    );
    for (const one of driver.characteristics) assert.ok(CHARACTERISTICS.includes(one), one);
    driver.check?.(new URL(backend.url));
  },

  'listen sends hints about members of its groups': async (t) => {
    const [watcher, a] = [await t.probe('watcher'), await t.probe('a')];
    await watcher.driver.listen(new Set(['g', 'h']));
    await a.join('g');
    await watcher.heard('group', 'g');
    await a.join('h');
    await watcher.heard('group', 'h');
  },

  'listen sends hints about leaving and the end of a group': async (t) => {
    const a = await t.probe('a');
    await a.join('g');
    const changes: [string, () => Promise<unknown>][] = [
      ['leave', () => a.leave(['g'])],
      ['delete', () => a.driver.deleteGroup('g')],
    ];
    for (const [what, change] of changes) {
      const watcher = await t.probe(`watcher-of-${what}`);
      await watcher.driver.listen(new Set(['g']));
      await change();
      await watcher.heard('group', 'g');
    }
  },

  'listen sends hints about the leader of its groups': async (t) => {
    const a = await t.probe('a');
    await a.driver.createGroup('g');
    const leading = a.lease(lockKey('g', 'leader'));
    const changes: [string, () => Promise<unknown>][] = [
      ['elected', () => a.take(leading)],
      ['resigned', () => a.release(leading)],
      ['elected again', () => a.take(a.lease(leading.lock))],
      ['broken', () => a.driver.revoke(leading.lock, 'break')],
    ];
    for (const [what, change] of changes) {
      const watcher = await t.probe(`watcher-of-${what}`);
      await watcher.driver.listen(new Set(['g']));
      await change();
      await watcher.heard('group', 'g');
    }
  },

  'listen replaces the groups of the call before': async (t) => {
    const [watcher, a] = [await t.probe('watcher'), await t.probe('a')];
    await watcher.driver.listen(new Set(['g']));
    await watcher.driver.listen(new Set(['h']));
    await a.join('h');
    await watcher.heard('group', 'h');
    await watcher.driver.listen(new Set());
    await watcher.driver.listen(new Set(['i', 'g']));
    await a.join('g');
    await watcher.heard('group', 'g');
  },

  'a holder hears that it was broken or asked': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.driver.listen(new Set());
    const [asked, broken] = [a.lease(lockKey('asked')), a.lease(lockKey('broken'))];
    await a.take(asked);
    await a.take(broken);
    await b.driver.revoke(asked.lock, 'ask');
    await a.heard('holder', asked.token);
    await b.driver.revoke(broken.lock, 'break');
    await a.heard('holder', broken.token);
  },

  'close ends the client, and nothing of what it has': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.join('g');
    await a.driver.listen(new Set(['g']));
    await a.take(lease(a));
    await a.driver.close();
    assert.deepEqual(await b.members('g'), new Set(['a']));
    assert.equal((await b.acquire(lease(b))).status, 'refused');
    assert.equal((await b.driver.inspect(lockKey('l'))).holders[0]?.memberId, 'a');
  },

  'close makes every call reject, and may be repeated': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.join('g');
    await a.driver.close();
    await a.driver.close();
    const calls: Record<string, () => Promise<unknown>> = {
      createGroup: () => a.driver.createGroup('h'),
      deleteGroup: () => a.driver.deleteGroup('g'),
      listGroups: () => a.driver.listGroups(),
      join: () => a.join('g'),
      leave: () => a.leave(['g']),
      updateCapabilities: () => a.driver.updateCapabilities('g', 'a', NO_CAPABILITIES),
      readGroups: () => a.read(['g']),
      beat: () => a.beat(),
      acquire: () => a.acquire(lease(a)),
      release: () => a.release(lease(a)),
      revoke: () => a.driver.revoke(lockKey('l'), 'break'),
      inspect: () => a.driver.inspect(lockKey('l')),
      listen: () => a.driver.listen(new Set(['g'])),
    };
    for (const [method, call] of Object.entries(calls))
      await assert.doesNotReject(fails(call(), 'NOT_STARTED', 'CONNECTION', 'BACKEND'), method);
    assert.deepEqual(await b.members('g'), new Set(['a']));
    assert.deepEqual(await b.driver.listGroups(), ['g']);
  },

  'close settles the calls under way': async (t) => {
    const a = await t.probe('a');
    const calls = Array.from({ length: 20 }, (_, i) => a.join(`g${i}`));
    const settled = Promise.allSettled(calls);
    await a.driver.close();
    for (const one of await settled)
      if (one.status === 'rejected')
        await fails(Promise.reject(one.reason), 'NOT_STARTED', 'CONNECTION', 'BACKEND');
  },

  'close leaves no timer': async (t) => {
    const clock = countingClock();
    const a = await t.probe('a', { clock });
    await a.join('g');
    await a.driver.listen(new Set(['g']));
    await a.take(lease(a));
    await a.enqueue(lease(a));
    await a.driver.close();
    await until('all timers are gone', () => clock.pending === 0);
  },

  'many clients come and go without a trace': async (t) => {
    const last = await t.probe('last');
    for (let i = 0; i < 20; i++) {
      const probe = await t.probe(`m${i}`);
      await probe.join('g');
      await probe.leave(['g'], true);
      await probe.driver.close();
    }
    assert.deepEqual(await last.members('g'), new Set());
  },
};
