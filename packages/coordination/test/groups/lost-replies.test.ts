import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rest, type TestSession, TestStore } from '../support/test-session.js';

let store: TestStore;
let ada: TestSession;
let ben: TestSession;

beforeEach(async () => {
  store = new TestStore();
  ada = await store.session('ada');
  ben = await store.session('ben');
});

afterEach(() => store.close());

const CONNECTION = { code: 'CONNECTION' };

describe('a join whose reply got lost', () => {
  beforeEach(async () => {
    ada.faults.loseReplies.add('join');
    await expect(ada.groups.joinGroupCreate('g', { weight: 1 })).rejects.toMatchObject(CONNECTION);
    ada.faults.loseReplies.clear();
    expect([...ada.memberships.groups]).toEqual([]);
    expect(await ben.groups.getMembers('g')).toEqual(new Set(['ada']));
  });

  test('is found to be its own by the next one', async () => {
    await ada.groups.joinGroup('g', { weight: 1 });
    const { incarnation } = await ben.groups.getMemberInfo('g', 'ada');
    expect(ada.memberships.get('g')?.incarnation).toBe(incarnation);
    await expect(ada.groups.joinGroup('g')).rejects.toMatchObject({ name: 'MemberAlreadyExist' });
  });

  test('is found by one with other capabilities, which then count', async () => {
    await ada.groups.joinGroup('g', { weight: 7 });
    expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ weight: 7 });
    expect([...ada.memberships.groups]).toEqual(['g']);
  });

  test('does not excuse another coordinator of the same id', async () => {
    await ada.evict('g');
    const twin = await store.session('ada');
    await twin.groups.joinGroup('g', { weight: 2 });
    await expect(ada.groups.joinGroup('g', { weight: 1 })).rejects.toMatchObject({
      name: 'MemberAlreadyExist',
    });
    expect([...ada.memberships.groups]).toEqual([]);
    expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ weight: 2 });
  });

  test('is left at stop', async () => {
    await ada.groups.leaveAll();
    expect(await ben.groups.getMembers('g')).toEqual(new Set());
  });
});

test('a join whose request got lost is simply repeated', async () => {
  await ada.groups.createGroup('g');
  ada.faults.loseRequests.add('join');
  await expect(ada.groups.joinGroup('g', { weight: 1 })).rejects.toMatchObject(CONNECTION);
  ada.faults.loseRequests.clear();
  await ada.groups.joinGroup('g', { weight: 2 });
  expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ weight: 2 });
});

test('a join that its caller did not wait for counts when it is answered', async () => {
  const { arrived, release } = ada.faults.hold('join');
  const joining = ada.groups.joinGroupCreate('g', null, { timeoutMs: 50 });
  await arrived;
  store.clock.advance(50);
  await expect(joining).rejects.toMatchObject({ name: 'OperationTimedOut', timeoutMs: 50 });
  release();
  await rest();
  expect([...ada.memberships.groups]).toEqual(['g']);
});

test('an aborted call rejects with the reason, and one that never began sends nothing', async () => {
  const reason = new Error('enough');
  const aborter = new AbortController();
  const { arrived, release } = ada.faults.hold('listGroups');
  const call = ada.groups.getGroups({ signal: aborter.signal });
  await arrived;
  aborter.abort(reason);
  await expect(call).rejects.toBe(reason);
  release();
  await expect(ada.groups.getGroups({ signal: aborter.signal })).rejects.toBe(reason);
  expect(ada.faults.calls).toEqual(['listGroups']);
});

describe('a leave whose reply got lost', () => {
  beforeEach(async () => {
    await ada.groups.joinGroupCreate('g');
    ada.faults.loseReplies.add('leave');
    await expect(ada.groups.leaveGroup('g')).rejects.toMatchObject(CONNECTION);
    ada.faults.loseReplies.clear();
  });

  test('may be repeated', async () => {
    await ada.groups.leaveGroup('g');
    expect([...ada.memberships.groups]).toEqual([]);
    await expect(ada.groups.leaveGroup('g')).rejects.toMatchObject({ name: 'MemberNotJoined' });
  });

  test('is no eviction to the next beat', async () => {
    await ada.beat();
    expect([...ada.memberships.groups]).toEqual([]);
    expect(ada.evictions).toEqual([]);
  });

  test.each([
    ['beat', () => ada.beat()],
    ['nothing', async () => {}],
  ])('does not hide the eviction from a membership that came after it and %s', async (_, between) => {
    await between();
    await ada.groups.joinGroup('g');
    await ada.evict('g');
    await ada.beat();
    expect(ada.evictions).toMatchObject([{ group: 'g' }]);
  });
});

describe('leaveAll', () => {
  test('leaves everything and takes back the beat in one call (A20)', async () => {
    await ada.groups.joinGroupCreate('g');
    await ada.groups.joinGroupCreate('h');
    await ben.groups.joinGroup('g');
    ada.faults.calls.length = 0;
    await ada.groups.leaveAll();
    expect(ada.faults.calls).toEqual(['leave']);
    expect(await ben.groups.getMembers('g')).toEqual(new Set(['ben']));
    expect(await ben.groups.getMembers('h')).toEqual(new Set());
    expect([...ada.memberships.groups]).toEqual([]);
  });

  test('says to the logger what it could not do, and rejects never', async () => {
    await ada.groups.joinGroupCreate('g');
    ada.faults.loseRequests.add('leave');
    await ada.groups.leaveAll();
    expect(ada.warnings).toHaveLength(1);
    await ada.session.end();
    await ada.groups.leaveAll();
    expect(ada.warnings).toHaveLength(2);
  });
});

describe('an evicted member', () => {
  test('stays out unless it asked to rejoin', async () => {
    await ada.groups.joinGroupCreate('g');
    await ada.evict('g');
    await ada.beat();
    await rest();
    expect(ada.evictions).toMatchObject([{ group: 'g' }]);
    expect(await ben.groups.getMembers('g')).toEqual(new Set());
  });

  describe('that asked to rejoin', () => {
    let eve: TestSession;

    beforeEach(async () => {
      eve = await store.session('ada', { rejoin: true });
      await eve.groups.joinGroupCreate('g', { weight: 3 });
      await eve.evict('g');
    });

    test('does so with its capabilities, also when the group is gone (B23)', async () => {
      await ben.groups.deleteGroup('g');
      await eve.beat();
      await rest();
      expect(await ben.groups.getMembersWithCapabilities('g')).toEqual(new Map([['ada', { weight: 3 }]]));
      expect([...eve.memberships.groups]).toEqual(['g']);
      expect(store.clock.timers).toBe(0);
    });

    test('goes on trying while the store is away', async () => {
      eve.faults.loseRequests.add('join');
      await eve.beat();
      await rest();
      await store.clock.advanceAsync(eve.session.options.pollMs);
      await rest();
      expect(eve.warnings).toHaveLength(2);
      eve.faults.loseRequests.clear();
      await store.clock.advanceAsync(eve.session.options.pollMs);
      await rest();
      expect(await ben.groups.getMembers('g')).toEqual(new Set(['ada']));
      expect(store.clock.timers).toBe(0);
    });

    test('gives up where another has its place', async () => {
      await ada.groups.joinGroup('g', { weight: 9 });
      await eve.beat();
      await rest();
      expect(eve.warnings).toEqual([expect.stringMatching(/join by hand/)]);
      expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ weight: 9 });
      expect(store.clock.timers).toBe(0);
    });

    test('does not come back after leaving by hand', async () => {
      eve.faults.loseRequests.add('join');
      await eve.beat();
      await rest();
      await expect(eve.groups.leaveGroup('g')).rejects.toMatchObject({ name: 'MemberNotJoined' });
      eve.faults.loseRequests.clear();
      await store.clock.advanceAsync(eve.session.options.pollMs);
      await rest();
      expect(await ben.groups.getMembers('g')).toEqual(new Set());
      expect(store.clock.timers).toBe(0);
    });

    test('does not come back after the stop', async () => {
      eve.faults.loseRequests.add('join');
      await eve.beat();
      await rest();
      eve.session.stop();
      expect(store.clock.timers).toBe(0);
    });
  });
});
