import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Capabilities } from '../../src/capabilities/index.js';
import { type TestSession, TestStore } from '../support/test-session.js';

let store: TestStore;
let ada: TestSession;
let ben: TestSession;

beforeEach(async () => {
  store = new TestStore();
  ada = await store.session('ada');
  ben = await store.session('ben');
});

afterEach(() => store.close());

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('groups', () => {
  test('are created once, listed and deleted (A4–A9)', async () => {
    await ada.groups.createGroup('g');
    await ada.groups.createGroup(bytes(0xff));
    expect((await ben.groups.getGroups()).sort()).toEqual(['g', '\udcff']);
    await expect(ben.groups.createGroup('g')).rejects.toMatchObject({
      name: 'GroupAlreadyExist',
      groupId: 'g',
    });
    await ben.groups.deleteGroup('g');
    expect(await ada.groups.getGroups()).toEqual(['\udcff']);
    await expect(ben.groups.deleteGroup('g')).rejects.toMatchObject({
      name: 'GroupNotCreated',
      groupId: 'g',
    });
  });

  test('with a member are not deleted, and are once it has left (A10)', async () => {
    await ada.groups.joinGroupCreate('g');
    await expect(ben.groups.deleteGroup('g')).rejects.toMatchObject({ name: 'GroupNotEmpty', groupId: 'g' });
    await ada.groups.leaveGroup('g');
    await ben.groups.deleteGroup('g');
    expect(await ben.groups.getGroups()).toEqual([]);
  });

  test.each([
    ['createGroup', (id: string) => ada.groups.createGroup(id)],
    ['deleteGroup', (id: string) => ada.groups.deleteGroup(id)],
    ['joinGroup', (id: string) => ada.groups.joinGroup(id)],
    ['joinGroupCreate', (id: string) => ada.groups.joinGroupCreate(id)],
    ['leaveGroup', (id: string) => ada.groups.leaveGroup(id)],
    ['updateCapabilities', (id: string) => ada.groups.updateCapabilities(id, null)],
    ['getMembers', (id: string) => ada.groups.getMembers(id)],
    ['getMembersWithCapabilities', (id: string) => ada.groups.getMembersWithCapabilities(id)],
    ['getMemberCapabilities', (id: string) => ada.groups.getMemberCapabilities('g', id)],
    ['getMemberInfo', (id: string) => ada.groups.getMemberInfo('g', id)],
    ['getLeader', (id: string) => ada.groups.getLeader(id)],
  ])('%s refuses an empty id before it asks the store', async (_, call) => {
    await expect(call('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(ada.faults.calls).toEqual([]);
  });
});

describe('members', () => {
  test('join, are seen by all, and leave (A11, A12, A15–A18)', async () => {
    await expect(ada.groups.joinGroup('g')).rejects.toMatchObject({ name: 'GroupNotCreated' });
    await expect(ada.groups.leaveGroup('g')).rejects.toMatchObject({ name: 'GroupNotCreated' });
    await ada.groups.createGroup('g');
    await expect(ada.groups.leaveGroup('g')).rejects.toMatchObject({
      name: 'MemberNotJoined',
      groupId: 'g',
      memberId: 'ada',
    });
    await ada.groups.joinGroup('g');
    await ben.groups.joinGroup('g');
    expect(await ada.groups.getMembers('g')).toEqual(new Set(['ada', 'ben']));
    expect([...ada.memberships.groups]).toEqual(['g']);
    await ada.groups.leaveGroup('g');
    expect(await ben.groups.getMembers('g')).toEqual(new Set(['ben']));
    expect([...ada.memberships.groups]).toEqual([]);
    await expect(ben.groups.getMembers('nowhere')).rejects.toMatchObject({ name: 'GroupNotCreated' });
  });

  test('of one id are one: the second is refused, also of the same coordinator, and changes nothing (A14, B24)', async () => {
    await ada.groups.joinGroupCreate('g', { weight: 1 });
    const twin = await store.session('ada');
    await expect(twin.groups.joinGroup('g', { weight: 2 })).rejects.toMatchObject({
      name: 'MemberAlreadyExist',
      groupId: 'g',
      memberId: 'ada',
    });
    await expect(ada.groups.joinGroupCreate('g', { weight: 3 })).rejects.toMatchObject({
      name: 'MemberAlreadyExist',
    });
    expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ weight: 1 });
    expect([...twin.memberships.groups]).toEqual([]);
    expect([...ada.memberships.groups]).toEqual(['g']);
  });

  test('__created__ is no member', async () => {
    const mark = await store.session('__created__');
    await ada.groups.createGroup('g');
    await expect(mark.groups.joinGroup('g')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(mark.groups.joinGroupCreate('g')).rejects.toThrow(/__created__/);
    expect(await ada.groups.getMembers('g')).toEqual(new Set());
  });
});

describe('capabilities', () => {
  const VALUES: readonly (Capabilities | null)[] = [
    null,
    {},
    { weight: 5, tags: ['a', ['b', 'c']], nested: { of: { it: true } } },
    'text',
    bytes(1, 2, 3),
  ];

  test.each(VALUES)('%j reads back as it was given (A21–A24, A27, A32, A33)', async (value) => {
    await ada.groups.joinGroupCreate('g', value);
    await ben.groups.joinGroup('g');
    expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual(value);
    expect(await ben.groups.getMembersWithCapabilities('g')).toEqual(
      new Map([
        ['ada', value],
        ['ben', null],
      ]),
    );
    expect(await ben.groups.getMemberInfo('g', 'ada')).toEqual({
      groupId: 'g',
      memberId: 'ada',
      capabilities: value,
      incarnation: ada.memberships.get('g')?.incarnation,
    });
  });

  test('are replaced, also in what a rejoin would give (A30)', async () => {
    await ada.groups.joinGroupCreate('g', { weight: 1 });
    const before = ada.memberships.get('g');
    await ada.groups.updateCapabilities('g', { size: 2 });
    expect(await ben.groups.getMemberCapabilities('g', 'ada')).toEqual({ size: 2 });
    expect(ada.memberships.get('g')?.incarnation).toBe(before?.incarnation);
    expect(ada.memberships.get('g')?.capabilities).not.toEqual(before?.capabilities);
  });

  test('of unknown groups and strangers are errors (A25, A26, A28, A29, A31, A34, A35)', async () => {
    const unknown = { name: 'GroupNotCreated', groupId: 'g' };
    await expect(ada.groups.getMembersWithCapabilities('g')).rejects.toMatchObject(unknown);
    await expect(ada.groups.getMemberCapabilities('g', 'ben')).rejects.toMatchObject(unknown);
    await expect(ada.groups.getMemberInfo('g', 'ben')).rejects.toMatchObject(unknown);
    await expect(ada.groups.updateCapabilities('g', {})).rejects.toMatchObject(unknown);
    await ada.groups.createGroup('g');
    expect(await ada.groups.getMembersWithCapabilities('g')).toEqual(new Map());
    const stranger = { name: 'MemberNotJoined', groupId: 'g', memberId: 'ben' };
    await expect(ada.groups.getMemberCapabilities('g', 'ben')).rejects.toMatchObject(stranger);
    await expect(ada.groups.getMemberInfo('g', 'ben')).rejects.toMatchObject(stranger);
    await expect(ada.groups.updateCapabilities('g', {})).rejects.toMatchObject({ name: 'MemberNotJoined' });
  });

  test('that cannot be written or read name group and member', async () => {
    const long = 'x'.repeat(2 ** 20);
    await expect(ada.groups.joinGroupCreate('g', long)).rejects.toMatchObject({
      name: 'SerializationError',
      message: expect.stringMatching(/"ada" in group "g" cannot be written/),
    });
    expect(await ada.groups.getGroups()).toEqual([]);
    await ada.driver.join({ group: 'g', member: 'eve', capabilities: bytes(0xc1), create: true });
    await ben.groups.joinGroup('g', { fine: true });
    const unreadable = {
      name: 'SerializationError',
      message: expect.stringMatching(/"eve" in group "g" cannot be read/),
    };
    await expect(ada.groups.getMembersWithCapabilities('g')).rejects.toMatchObject(unreadable);
    await expect(ada.groups.getMemberInfo('g', 'eve')).rejects.toMatchObject(unreadable);
    expect(await ada.groups.getMemberCapabilities('g', 'ben')).toEqual({ fine: true });
    expect(await ada.groups.getMembers('g')).toEqual(new Set(['eve', 'ben']));
  });
});

describe('getLeader', () => {
  test('names the leader, nobody before there is one, and knows no group that does not exist (A51)', async () => {
    await expect(ada.groups.getLeader('g')).rejects.toMatchObject({ name: 'GroupNotCreated' });
    await ada.groups.joinGroupCreate('g');
    expect(await ben.groups.getLeader('g')).toBeNull();
    const term = await ben.elect('g');
    expect(await ada.groups.getLeader('g')).toBe('ben');
    await term?.resign();
    expect(await ada.groups.getLeader('g')).toBeNull();
  });
});
