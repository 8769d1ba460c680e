import assert from 'node:assert/strict';
import { MemberAlreadyExist, MemberNotJoined } from '../../errors.js';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';

/** A 11–20. */
export const members: Cases = {
  'A11 who joins is in the member set': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    assert.deepEqual(await a.getMembers('g'), new Set());
    await a.joinGroup('g');
    assert.deepEqual(await a.getMembers('g'), new Set(['a']));
    assert.deepEqual(await b.getMembers('g'), new Set(['a']));
    assert.deepEqual([...a.joinedGroups], ['g']);
  },

  'A12 joining an unknown group: it was not created': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.joinGroup('g'), 'GROUP_NOT_CREATED');
    await fails(a.getMembers('g'), 'GROUP_NOT_CREATED');
    assert.deepEqual([...a.joinedGroups], []);
  },

  'A13 join-or-create makes the group and joins it': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', { n: 1 });
    await b.joinGroupCreate('g', { n: 2 });
    assert.deepEqual(await a.getGroups(), ['g']);
    assert.deepEqual(
      await b.getMembersWithCapabilities('g'),
      new Map([
        ['a', { n: 1 }],
        ['b', { n: 2 }],
      ]),
    );
  },

  'A13 join-or-create succeeds while others create and delete the group': async (t) => {
    const joining = await t.coordinators(['a', 'b', 'c', 'd']);
    const deleting = await t.coordinator('deleting');
    for (let round = 0; round < 10; round++) {
      let joined = false;
      const deletions = (async () => {
        while (!joined) await Promise.allSettled([deleting.createGroup('g'), deleting.deleteGroup('g')]);
      })();
      await Promise.all(joining.map((coordinator) => coordinator.joinGroupCreate('g')));
      joined = true;
      await deletions;
      assert.deepEqual(await deleting.getMembers('g'), new Set(['a', 'b', 'c', 'd']));
      await Promise.all(joining.map((coordinator) => coordinator.leaveGroup('g')));
      await deleting.deleteGroup('g');
    }
  },

  'A14 the same member id from a second client is refused': async (t) => {
    const [one, two] = await t.coordinators(['same', 'same']);
    await one.joinGroupCreate('g');
    for (const join of [two.joinGroup('g'), two.joinGroupCreate('g')]) {
      const error = await fails(join, 'MEMBER_ALREADY_EXISTS');
      assert.ok(error instanceof MemberAlreadyExist);
      assert.deepEqual([error.groupId, error.memberId], ['g', 'same']);
    }
    await fails(one.joinGroup('g'), 'MEMBER_ALREADY_EXISTS');
    assert.deepEqual(await one.getMembers('g'), new Set(['same']));
    assert.deepEqual([...two.joinedGroups], []);
  },

  'A15 after leaving, the id is gone': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const coordinator of [a, b]) await coordinator.joinGroupCreate('g');
    await a.leaveGroup('g');
    for (const coordinator of [a, b]) assert.deepEqual(await coordinator.getMembers('g'), new Set(['b']));
    assert.deepEqual([...a.joinedGroups], []);
    await a.joinGroup('g');
    assert.deepEqual(await b.getMembers('g'), new Set(['a', 'b']));
  },

  'A16 leaving an unknown group is refused': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.leaveGroup('g'), 'MEMBER_NOT_JOINED', 'GROUP_NOT_CREATED');
  },

  'A17 leaving a group that was not joined: not joined': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g');
    const error = await fails(b.leaveGroup('g'), 'MEMBER_NOT_JOINED');
    assert.ok(error instanceof MemberNotJoined);
    assert.deepEqual([error.groupId, error.memberId], ['g', 'b']);
    assert.deepEqual(await b.getMembers('g'), new Set(['a']));
  },

  'A18 the members of two clients are exactly both ids': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    await Promise.all([a.joinGroup('g'), b.joinGroup('g')]);
    for (const coordinator of [a, b])
      assert.deepEqual(await coordinator.getMembers('g'), new Set(['a', 'b']));
  },

  'A19 member ids are text or bytes': async (t) => {
    const text = await t.coordinator('mé 🐘');
    const bytes = await t.coordinator(Uint8Array.of(0x6d, 0xff));
    assert.deepEqual([text.memberId, bytes.memberId], ['mé 🐘', 'm\udcff']);
    for (const coordinator of [text, bytes])
      await coordinator.joinGroupCreate('g', { bytes: coordinator === bytes });
    assert.deepEqual(await text.getMembers('g'), new Set(['mé 🐘', 'm\udcff']));
    for (const id of ['m\udcff', Uint8Array.of(0x6d, 0xff)])
      assert.deepEqual(await text.getMemberCapabilities('g', id), { bytes: true });
  },

  'A20 stopping a client removes it from its groups at once': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const group of ['g', 'h'])
      for (const coordinator of [a, b]) await coordinator.joinGroupCreate(group);
    await a.stop();
    for (const group of ['g', 'h']) assert.deepEqual(await b.getMembers(group), new Set(['b']));
  },
};
