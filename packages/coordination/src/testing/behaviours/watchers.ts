import assert from 'node:assert/strict';
import { WatchCallbackNotFound } from '../../errors.js';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { recorder } from './events.js';

const joined = (memberId: string, groupId = 'g') => ({ type: 'joined', groupId, memberId });
const left = (memberId: string, groupId = 'g') => ({ type: 'left', groupId, memberId });

/** A 40–48. */
export const watchers: Cases = {
  'A40 a join by another client is one event of the next run; after unwatch there is none': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const hook = recorder();
    await a.watchJoinGroup('g', hook);
    assert.deepEqual(await a.runWatchers(), []);
    await b.joinGroup('g');
    assert.deepEqual(hook.events, [], 'hooks fire in a run only');
    await a.runWatchers();
    await a.runWatchers();
    assert.deepEqual(hook.events, [joined('b')]);
    a.unwatchJoinGroup('g', hook);
    await b.leaveGroup('g');
    await a.runWatchers();
    await b.joinGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    assert.deepEqual(hook.events, [joined('b')]);
  },

  'A40 who was there when the watch began has not joined, and one’s own join is an event': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await b.joinGroupCreate('g');
    const hook = recorder();
    await a.watchJoinGroup('g', hook);
    await a.joinGroup('g');
    await a.runWatchers();
    assert.deepEqual(hook.events, [joined('a')]);
  },

  'A41 a leave is one event; after unwatch there is none': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await b.joinGroupCreate('g');
    const hook = recorder();
    await a.watchLeaveGroup('g', hook);
    await b.leaveGroup('g');
    assert.deepEqual(await a.runWatchers(), ['left g b']);
    assert.deepEqual(await a.runWatchers(), []);
    await b.joinGroup('g');
    await a.runWatchers();
    a.unwatchLeaveGroup('g', hook);
    await b.leaveGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    assert.deepEqual(hook.events, [left('b')]);
  },

  'A42 a run returns what the callbacks returned': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const group of ['g', 'h']) await a.createGroup(group);
    const values = [{ any: 'thing' }, 7, null];
    for (const value of values) await a.watchJoinGroup('g', () => value);
    await a.watchJoinGroup('h', async () => 'later');
    await b.joinGroup('g');
    await b.joinGroup('h');
    assert.deepEqual((await a.runWatchers()).sort(), [...values, 'later'].sort());
    assert.deepEqual(await a.runWatchers(), []);
  },

  'A43 a group destroyed under us is one leave event per known member': async (t) => {
    const [watcher, a, b] = await t.coordinators(['watcher', 'a', 'b']);
    for (const member of [a, b]) await member.joinGroupCreate('g');
    const hook = recorder();
    await watcher.watchLeaveGroup('g', hook);
    await watcher.runWatchers();
    for (const member of [a, b]) await member.leaveGroup('g');
    await a.deleteGroup('g');
    await watcher.runWatchers();
    const order = (x: { memberId: string }, y: { memberId: string }) => (x.memberId < y.memberId ? -1 : 1);
    assert.deepEqual(hook.events.sort(order), [left('a'), left('b')]);
    assert.deepEqual(await watcher.runWatchers(), []);
    const again = recorder();
    await a.joinGroupCreate('g');
    await watcher.watchJoinGroup('g', again);
    await b.joinGroup('g');
    await watcher.runWatchers();
    assert.ok(
      again.events.some(({ memberId }) => memberId === 'b'),
      'the group created again is watched on',
    );
  },

  'A44 watching an unknown group is refused, and no hook stays': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const hook = recorder();
    await fails(a.watchJoinGroup('g', hook), 'GROUP_NOT_CREATED');
    await fails(a.watchLeaveGroup('g', hook), 'GROUP_NOT_CREATED');
    await b.joinGroupCreate('g');
    await a.runWatchers();
    await b.leaveGroup('g');
    await a.runWatchers();
    assert.deepEqual(hook.events, []);
    await fails((async () => a.unwatchJoinGroup('g', hook))(), 'WATCH_CALLBACK_NOT_FOUND');
    await fails((async () => a.unwatchLeaveGroup('g', hook))(), 'WATCH_CALLBACK_NOT_FOUND');
  },

  'A45 who was removed by somebody else learns it in the next run': async (t) => {
    const a = await t.coordinator('a', { heart: false, membershipTtlMs: 100 });
    const other = await t.coordinator('other');
    await a.joinGroupCreate('g');
    await a.joinGroupCreate('h');
    await until('it is removed from one', async () => !(await other.getMembers('g')).has('a'));
    assert.deepEqual([...a.joinedGroups].sort(), ['g', 'h']);
    await a.runWatchers();
    assert.deepEqual([...a.joinedGroups], ['h']);
    await a.joinGroup('g');
    assert.deepEqual(await a.getMembers('g'), new Set(['a']));
  },

  'A46 unwatching an unknown callback is an error': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    const [known, unknown] = [recorder(), recorder()];
    await a.watchJoinGroup('g', known);
    await a.watchLeaveGroup('g', known);
    a.watchElectedAsLeader('g', known);
    for (const unwatch of [
      async () => a.unwatchJoinGroup('g', unknown),
      async () => a.unwatchLeaveGroup('g', unknown),
      async () => a.unwatchElectedAsLeader('g', unknown),
      async () => a.unwatchJoinGroup('other', known),
    ])
      assert.ok((await fails(unwatch(), 'WATCH_CALLBACK_NOT_FOUND')) instanceof WatchCallbackNotFound);
  },

  'A47 removing the last leave hook leaves nothing': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await b.joinGroupCreate('g');
    const hook = recorder();
    await a.watchLeaveGroup('g', hook);
    a.unwatchLeaveGroup('g', hook);
    await fails((async () => a.unwatchLeaveGroup('g', hook))(), 'WATCH_CALLBACK_NOT_FOUND');
    await b.leaveGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    await a.watchLeaveGroup('g', hook);
    assert.deepEqual(await a.runWatchers(), [], 'a new watch begins with who is there now');
    assert.deepEqual(hook.events, []);
  },

  'A48 hooks are a list: none is no result, each appended fires in its order, a removed one stops': async (
    t,
  ) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    const hooks = ['one', 'two', 'three'].map((name) => () => name);
    const [, two] = hooks;
    for (const hook of hooks) await a.watchJoinGroup('g', hook);
    await b.joinGroup('g');
    assert.deepEqual(await a.runWatchers(), ['one', 'two', 'three']);
    if (two) a.unwatchJoinGroup('g', two);
    await b.leaveGroup('g');
    await a.runWatchers();
    await b.joinGroup('g');
    assert.deepEqual(await a.runWatchers(), ['one', 'three']);
    for (const hook of hooks) if (hook !== two) a.unwatchJoinGroup('g', hook);
    await b.leaveGroup('g');
    await a.runWatchers();
    await b.joinGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
  },
};
