import assert from 'node:assert/strict';
import { GroupAlreadyExist, GroupNotCreated, GroupNotEmpty } from '../../errors.js';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';

/** A 4–10. */
export const groups: Cases = {
  'A4 a created group is listed': async (t) => {
    const a = await t.coordinator('a');
    assert.deepEqual(await a.getGroups(), []);
    await a.createGroup('g');
    assert.deepEqual(await a.getGroups(), ['g']);
  },

  'A5 creating a group twice: it exists already': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    for (const coordinator of [a, b]) {
      const error = await fails(coordinator.createGroup('g'), 'GROUP_ALREADY_EXISTS');
      assert.ok(error instanceof GroupAlreadyExist);
      assert.equal(error.groupId, 'g');
    }
  },

  'A6 all of several created groups are listed': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    for (const group of ['g1', 'g2', 'g3']) await a.createGroup(group);
    assert.deepEqual((await b.getGroups()).sort(), ['g1', 'g2', 'g3']);
  },

  'A7 group ids are text or bytes': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('grüße 🐘');
    await fails(b.createGroup(new TextEncoder().encode('grüße 🐘')), 'GROUP_ALREADY_EXISTS');
    const bytes = Uint8Array.of(0x67, 0xff, 0x00);
    await a.createGroup(bytes);
    await b.joinGroup(bytes);
    const [text] = (await b.getGroups()).filter((group) => group !== 'grüße 🐘');
    assert.equal(text, 'g\udcff\u0000');
    assert.deepEqual(await a.getMembers(text), new Set(['b']), 'the text form names the same group');
    await fails(a.createGroup(''), 'INVALID_ARGUMENT');
    await fails(a.createGroup('x'.repeat(1025)), 'INVALID_ARGUMENT');
  },

  'A8 a deleted group is not listed and cannot be joined': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    await a.createGroup('other');
    await b.deleteGroup('g');
    assert.deepEqual(await a.getGroups(), ['other']);
    const error = await fails(a.joinGroup('g'), 'GROUP_NOT_CREATED');
    assert.ok(error instanceof GroupNotCreated);
    assert.equal(error.groupId, 'g');
  },

  'A9 deleting an unknown group: it was not created': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.deleteGroup('g'), 'GROUP_NOT_CREATED');
    assert.deepEqual(await a.getGroups(), []);
  },

  'A10 a group with a member is not deleted until the member has left': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    await a.joinGroup('g');
    for (const coordinator of [a, b])
      assert.ok((await fails(coordinator.deleteGroup('g'), 'GROUP_NOT_EMPTY')) instanceof GroupNotEmpty);
    assert.deepEqual(await b.getMembers('g'), new Set(['a']));
    await a.leaveGroup('g');
    await b.deleteGroup('g');
    assert.deepEqual(await a.getGroups(), []);
  },
};
