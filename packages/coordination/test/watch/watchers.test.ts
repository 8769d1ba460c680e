import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MembershipEvent } from '../../src/watch/watch-hooks.js';
import { Watchers } from '../../src/watch/watchers.js';
import { rest, type TestSession, TestStore } from '../support/test-session.js';

let store: TestStore;
let ada: TestSession;
let ben: TestSession;

beforeEach(async () => {
  store = new TestStore();
  ada = await store.session('ada');
  ben = await store.session('ben');
  await ada.groups.createGroup('g');
});

afterEach(() => store.close());

const text = ({ type, groupId, memberId }: MembershipEvent): string => `${memberId} ${type} ${groupId}`;

describe('a watch', () => {
  test('fires for those who join later, and not after unwatch (A40, A42)', async () => {
    await ada.groups.joinGroup('g');
    await ada.watchers.watchJoinGroup('g', text);
    expect(await ada.watchers.runWatchers()).toEqual([]);
    await ben.groups.joinGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g']);
    expect(await ada.watchers.runWatchers()).toEqual([]);
    ada.hooks.remove('joined', 'g', text);
    await ben.groups.leaveGroup('g');
    await ben.groups.joinGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('fires for those who leave, and not after unwatch (A41)', async () => {
    await ben.groups.joinGroup('g');
    await ada.watchers.watchLeaveGroup('g', text);
    await ben.groups.leaveGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben left g']);
    await ben.groups.joinGroup('g');
    ada.hooks.remove('left', 'g', text);
    await ben.groups.leaveGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('fires for a silent member once (A38)', async () => {
    await ben.groups.joinGroup('g');
    await ada.groups.joinGroup('g');
    await ada.watchers.watchLeaveGroup('g', text);
    store.clock.advance(ben.session.options.membershipTtlMs * 0.6);
    await ada.beat();
    store.clock.advance(ben.session.options.membershipTtlMs * 0.6);
    expect(await ada.watchers.runWatchers()).toEqual(['ben left g']);
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('fires once per member when the group is destroyed, and when it is back (A43)', async () => {
    await ben.groups.joinGroup('g');
    await ada.watchers.watchJoinGroup('g', text);
    await ada.watchers.watchLeaveGroup('g', text);
    await ben.evict('g');
    await ben.driver.deleteGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben left g']);
    expect(await ada.watchers.runWatchers()).toEqual([]);
    await ben.groups.joinGroupCreate('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g']);
  });

  test('of an unknown group is refused and keeps no hook (A44)', async () => {
    const refusal = { name: 'GroupNotCreated', groupId: 'h' };
    await expect(ada.watchers.watchJoinGroup('h', text)).rejects.toMatchObject(refusal);
    await expect(ada.watchers.watchLeaveGroup('h', text)).rejects.toMatchObject(refusal);
    expect(ada.hooks.groups('joined')).toEqual([]);
    expect(ada.hooks.groups('left')).toEqual([]);
    expect(ada.hooks.known.size).toBe(0);
    await ben.groups.joinGroupCreate('h');
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('tells a rejoin between two runs by the incarnation', async () => {
    await ben.groups.joinGroup('g');
    await ada.watchers.watchJoinGroup('g', text);
    await ada.watchers.watchLeaveGroup('g', text);
    await ben.groups.leaveGroup('g');
    await ben.groups.joinGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben left g', 'ben joined g']);
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('reads the members only when it is the first of its group', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    await ada.watchers.watchLeaveGroup('g', text);
    await ada.watchers.watchJoinGroup('g', text);
    expect(ada.faults.calls.filter((call) => call === 'readGroups')).toHaveLength(1);
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g', 'ben joined g']);
  });

  test('begins anew after the last hook is gone: who joined meanwhile is no news (A47)', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    ada.hooks.remove('joined', 'g', text);
    expect(ada.hooks.known.size).toBe(0);
    await ben.groups.joinGroup('g');
    await ada.watchers.watchJoinGroup('g', text);
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('begun anew while a run reads is not told what that run has read', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    const { arrived, release } = ada.faults.hold('readGroups');
    const run = ada.watchers.runWatchers();
    await arrived;
    ada.hooks.remove('joined', 'g', text);
    await ada.watchers.watchJoinGroup('g', text);
    release();
    expect(await run).toEqual([]);
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('that is not there cannot be taken back (A46)', async () => {
    const missing = expect.objectContaining({ code: 'WATCH_CALLBACK_NOT_FOUND', groupId: 'g' });
    expect(() => ada.hooks.remove('joined', 'g', text)).toThrow(missing);
    expect(() => ada.hooks.remove('left', 'g', text)).toThrow(missing);
    expect(() => ada.hooks.remove('elected', 'g', () => {})).toThrow(missing);
    await ada.watchers.watchJoinGroup('g', text);
    expect(() => ada.hooks.remove('left', 'g', text)).toThrow(missing);
  });

  test('outlives stop and start, as in tooz', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ada.close();
    await ben.groups.joinGroup('g');
    const again = await store.session('ada');
    const { session, memberships } = again;
    const watchers = new Watchers({
      session,
      memberships,
      hooks: ada.hooks,
      runElections: async () => [],
    });
    expect(await watchers.runWatchers()).toEqual(['ben joined g']);
  });
});

describe('a run', () => {
  test('calls what was kept for it once, after the hooks, and not before it could read', async () => {
    ada.hooks.inNextRun(() => 'without a group');
    expect(await ada.watchers.runWatchers()).toEqual(['without a group']);
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    ada.hooks.inNextRun(async () => 'later');
    ada.faults.loseReplies.add('readGroups');
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({ code: 'CONNECTION' });
    ada.faults.loseReplies.clear();
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g', 'later']);
    const trouble = new Error('again');
    ada.hooks.inNextRun(() => {
      throw trouble;
    });
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({ errors: [trouble] });
    expect(await ada.watchers.runWatchers()).toEqual([]);
  });

  test('reads all watched and joined groups in one call, and none if there are none', async () => {
    expect(await ada.watchers.runWatchers()).toEqual([]);
    expect(ada.faults.calls).toEqual(['createGroup']);
    await ben.groups.createGroup('h');
    await ada.watchers.watchJoinGroup('g', text);
    await ada.watchers.watchLeaveGroup('h', text);
    await ada.groups.joinGroupCreate('i');
    ada.faults.calls.length = 0;
    await ada.watchers.runWatchers();
    expect(ada.faults.calls).toEqual(['readGroups']);
  });

  test('finds out that somebody removed this member (A45)', async () => {
    await ada.groups.joinGroup('g');
    await ada.groups.joinGroupCreate('h');
    await ada.evict('g');
    expect([...ada.memberships.groups]).toEqual(['g', 'h']);
    await ada.watchers.runWatchers();
    expect([...ada.memberships.groups]).toEqual(['h']);
    expect(ada.evictions).toMatchObject([{ group: 'g' }]);
  });

  test('does not take a leave for an eviction', async () => {
    await ada.groups.joinGroup('g');
    const { arrived, release } = ada.faults.hold('leave');
    const leaving = ada.groups.leaveGroup('g');
    await arrived;
    await ada.watchers.runWatchers();
    release();
    await leaving;
    expect(ada.evictions).toEqual([]);
  });

  test('that read before a rejoin does not take the new membership for the lost one', async () => {
    await ada.groups.joinGroup('g');
    await ada.evict('g');
    const { arrived, release } = ada.faults.hold('readGroups');
    const run = ada.watchers.runWatchers();
    await arrived;
    await ada.beat();
    await ada.groups.joinGroup('g');
    release();
    await run;
    expect(ada.evictions).toHaveLength(1);
    expect([...ada.memberships.groups]).toEqual(['g']);
  });

  test('appends what the elections returned, and awaits it', async () => {
    ada.runElections = async () => ['elected', Promise.resolve('soon')];
    await ada.watchers.watchJoinGroup('g', async (event) => text(event));
    await ben.groups.joinGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g', 'elected', 'soon']);
  });

  test('goes on after a callback that throws, tells each event once, and fails in the end (B25)', async () => {
    const heard: string[] = [];
    await ada.watchers.watchJoinGroup('g', () => {
      throw new Error('bad');
    });
    await ada.watchers.watchJoinGroup('g', (event) => heard.push(text(event)));
    await ben.groups.createGroup('h');
    await ada.watchers.watchJoinGroup('h', async (event) => {
      heard.push(text(event));
      throw new Error('worse');
    });
    ada.runElections = async () => ['elected'];
    await ben.groups.joinGroup('g');
    await ben.groups.joinGroup('h');
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({
      name: 'WatchCallbackFailed',
      errors: [{ message: 'bad' }, { message: 'worse' }],
      results: [1, 'elected'],
    });
    expect(heard).toEqual(['ben joined g', 'ben joined h']);
    expect(await ada.watchers.runWatchers()).toEqual(['elected']);
  });

  test('fails with the error of the elections after the hooks, and with all errors if both failed', async () => {
    const heard: string[] = [];
    const trouble = new Error('no election');
    ada.runElections = () => Promise.reject(trouble);
    await ada.watchers.watchJoinGroup('g', (event) => heard.push(text(event)));
    await ben.groups.joinGroup('g');
    await expect(ada.watchers.runWatchers()).rejects.toBe(trouble);
    expect(heard).toEqual(['ben joined g']);
    await ada.watchers.watchLeaveGroup('g', () => {
      throw new Error('bad');
    });
    await ben.groups.leaveGroup('g');
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({
      code: 'WATCH_CALLBACK_FAILED',
      errors: [{ message: 'bad' }, trouble],
    });
  });

  test('whose reading failed tells nothing, and the next one tells it', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    ada.faults.loseReplies.add('readGroups');
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({ code: 'CONNECTION' });
    ada.faults.loseReplies.clear();
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g']);
  });

  test('that took too long tells nothing, and the next one tells it', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    const { arrived, release } = ada.faults.hold('readGroups');
    const run = ada.watchers.runWatchers({ timeoutMs: 100 });
    await arrived;
    const queued = ada.watchers.runWatchers({ timeoutMs: 100 });
    store.clock.advance(100);
    await expect(run).rejects.toMatchObject({ name: 'OperationTimedOut' });
    await expect(queued).rejects.toMatchObject({ name: 'OperationTimedOut', timeoutMs: 100 });
    release();
    await rest();
    expect(await ada.watchers.runWatchers()).toEqual(['ben joined g']);
    expect(store.clock.timers).toBe(0);
  });

  test('ends with the reason of its signal', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    const aborter = new AbortController();
    const reason = new Error('enough');
    const { arrived, release } = ada.faults.hold('readGroups');
    const run = ada.watchers.runWatchers({ signal: aborter.signal });
    await arrived;
    aborter.abort(reason);
    await expect(run).rejects.toBe(reason);
    release();
    await expect(ada.watchers.runWatchers({ signal: aborter.signal })).rejects.toBe(reason);
  });

  test('waits for the one before, so that no event is told twice', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ben.groups.joinGroup('g');
    const runs = await Promise.all([1, 2, 3].map(() => ada.watchers.runWatchers()));
    expect(runs).toEqual([['ben joined g'], [], []]);
  });

  test('does not wait for the promises of another’s callbacks', async () => {
    let finish = (): void => {};
    await ada.watchers.watchJoinGroup('g', () => new Promise<void>((resolve) => (finish = resolve)));
    await ben.groups.joinGroup('g');
    const slow = ada.watchers.runWatchers();
    await rest();
    expect(await ada.watchers.runWatchers()).toEqual([]);
    const bounded = ada.watchers.runWatchers({ timeoutMs: 10 });
    expect(await bounded).toEqual([]);
    finish();
    expect(await slow).toEqual([undefined]);
  });

  test('may be started by a callback', async () => {
    await ada.watchers.watchJoinGroup('g', async (event) => [text(event), await ada.watchers.runWatchers()]);
    await ben.groups.joinGroup('g');
    expect(await ada.watchers.runWatchers()).toEqual([['ben joined g', []]]);
  });

  test('rejects when the coordinator has stopped', async () => {
    await ada.watchers.watchJoinGroup('g', text);
    await ada.close();
    await expect(ada.watchers.runWatchers()).rejects.toMatchObject({ code: 'NOT_STARTED' });
    await expect(ada.watchers.watchJoinGroup('h', text)).rejects.toMatchObject({ code: 'NOT_STARTED' });
  });
});
