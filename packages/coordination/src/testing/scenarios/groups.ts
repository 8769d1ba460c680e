import assert from 'node:assert/strict';
import type { Coordinator } from '../../index.js';
import { recorder } from '../behaviours/events.js';
import { fails } from '../fails.js';
import { gate } from '../gate.js';
import type { Cases, Trial } from '../trial.js';
import { soon, until } from '../until.js';

const MORTAL = { membershipTtlMs: 100, heart: false } as const;

/** Resolves when the coordinator, which does not beat, is dead for others; nobody has removed it from other groups. */
async function dead(t: Trial, silent: Coordinator): Promise<void> {
  const canary = `canary-of-${silent.memberId}`;
  const observer = await t.coordinator(`observer-of-${silent.memberId}`);
  await silent.joinGroupCreate(canary);
  await until(
    'the silent one is dead',
    async () => !(await observer.getMembers(canary)).has(silent.memberId),
  );
}

/** Members that others have given up, and callbacks that fail. */
export const groupScenarios: Cases = {
  'B22 a heartbeat that meets a reap: the member and the others agree on the outcome': async (t) => {
    const observer = await t.coordinator('observer');
    for (let round = 0; round < 4; round++) {
      const a = await t.coordinator(`a${round}`, MORTAL);
      await a.joinGroupCreate('g');
      await dead(t, a);
      const [, seen] =
        round % 2 === 0
          ? await Promise.all([a.heartbeat(), observer.getMembers('g')])
          : await Promise.all([observer.getMembers('g'), a.heartbeat()]).then(
              ([members, ms]) => [ms, members] as const,
            );
      const present = await observer.getMembers('g');
      if (seen.has(a.memberId)) assert.ok(a.joinedGroups.has('g'), 'who is seen alive believes so');
      else {
        assert.equal(present.has(a.memberId), false, 'who was removed stays removed');
        await a.heartbeat();
        assert.equal(a.joinedGroups.has('g'), false, 'and knows it with the next beat');
      }
    }
  },

  'B23 who was evicted hears of it': async (t) => {
    const [a, observer] = [await t.coordinator('a', MORTAL), await t.coordinator('observer')];
    await a.joinGroupCreate('g', { n: 1 });
    const events = a.events('g')[Symbol.asyncIterator]();
    const first = await soon('the snapshot', events.next());
    assert.equal(first.done ? 'nothing' : first.value.type, 'snapshot');
    await until('it is evicted', async () => !(await observer.getMembers('g')).has('a'));
    await a.heartbeat();
    assert.equal(a.joinedGroups.has('g'), false);
    for (;;) {
      const { done, value } = await soon('the event', events.next());
      if (done) return assert.fail('the stream ended');
      if (value.type === 'evicted') {
        assert.deepEqual([value.groupId, value.memberId], ['g', 'a']);
        break;
      }
    }
    await events.return?.();
    assert.deepEqual(await observer.getMembers('g'), new Set());
    await a.joinGroup('g');
    assert.deepEqual(await observer.getMembers('g'), new Set(['a']));
  },

  'B23 who was evicted rejoins if asked to, and the rings agree again': async (t) => {
    const observer = await t.coordinator('observer');
    const a = await t.coordinator('a', { ...MORTAL, rejoin: true });
    const others = await observer.joinPartitionedGroup('g');
    const own = await a.joinPartitionedGroup('g', { weight: 2 });
    await until('it is evicted', async () => !(await observer.getMembers('g')).has('a'));
    await observer.runWatchers();
    assert.deepEqual(others.membersForObject('o'), new Set(['observer']));
    await a.heartbeat();
    await until('it is back', async () => (await observer.getMembers('g')).has('a'));
    a.heart.start();
    assert.deepEqual(await observer.getMemberCapabilities('g', 'a'), { weight: 2 });
    await observer.runWatchers();
    await a.runWatchers();
    for (let i = 0; i < 50; i++)
      assert.deepEqual(others.membersForObject(`o${i}`), own.membersForObject(`o${i}`), `the owner of o${i}`);
    assert.deepEqual([others.ring.size, own.ring.size], [96, 96]);
  },

  'B24 a refused join of the same id changes nothing': async (t) => {
    const [one, two, observer] = await t.coordinators(['same', 'same', 'observer']);
    await one.joinGroupCreate('g', { of: 'one' });
    const before = await observer.getMemberInfo('g', 'same');
    await fails(two.joinGroup('g', { of: 'two' }), 'MEMBER_ALREADY_EXISTS');
    assert.deepEqual(await observer.getMemberInfo('g', 'same'), before);
    assert.deepEqual(before.capabilities, { of: 'one' });
  },

  'B25 a callback that throws keeps nothing from the others, and its event does not come again': async (
    t,
  ) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const group of ['g', 'h', 'i']) await a.createGroup(group);
    const [after, other, led] = [recorder(), recorder(), recorder()];
    let thrown = 0;
    await a.watchJoinGroup('g', () => {
      thrown++;
      throw new Error('at once');
    });
    await a.watchJoinGroup('g', () => Promise.reject(new Error('later')));
    await a.watchJoinGroup('g', after);
    await a.watchJoinGroup('h', other);
    a.watchElectedAsLeader('i', led);
    await b.joinGroup('g');
    await b.joinGroup('h');
    await fails(a.runWatchers(), 'WATCH_CALLBACK_FAILED');
    assert.equal(thrown, 1);
    assert.deepEqual(after.events, [{ type: 'joined', groupId: 'g', memberId: 'b' }]);
    assert.deepEqual(other.events, [{ type: 'joined', groupId: 'h', memberId: 'b' }]);
    assert.deepEqual(led.events, [{ type: 'elected', groupId: 'i', memberId: 'a' }]);
    assert.deepEqual(await a.runWatchers(), []);
    assert.equal(thrown, 1);
  },

  'B25 a slow callback holds up neither others nor the next event': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const slow = gate<string>();
    const quick = recorder();
    await a.watchJoinGroup('g', () => slow.passed);
    await a.watchJoinGroup('g', quick);
    await a.watchLeaveGroup('g', quick);
    await b.joinGroup('g');
    const first = a.runWatchers();
    await until('the quick one was called', () => quick.events.length === 1);
    await b.leaveGroup('g');
    assert.deepEqual(await soon('the next run', a.runWatchers()), ['left g b']);
    slow.open('done');
    assert.deepEqual(await first, ['done', 'joined g b']);
  },
};
