import assert from 'node:assert/strict';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';

const NESTED = {
  list: [1, 'two', [3.5, null, true]],
  map: { deep: { er: 'текст 🐘' } },
  empty: {},
  none: [],
};

/** A 21–35. */
export const capabilities: Cases = {
  'A21 a map given at join reads back equal': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', { type: 'test', n: -1, big: 2 ** 53 - 1, half: 0.5, yes: true });
    const expected = { type: 'test', n: -1, big: 2 ** 53 - 1, half: 0.5, yes: true };
    for (const reader of [a, b]) assert.deepEqual(await reader.getMemberCapabilities('g', 'a'), expected);
  },

  'A22 nested lists and strings survive': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', NESTED);
    assert.deepEqual(await b.getMemberCapabilities('g', 'a'), NESTED);
  },

  'A23 a bulk read holds one’s own id and map': async (t) => {
    const a = await t.coordinator('a');
    await a.joinGroupCreate('g', NESTED);
    assert.deepEqual(await a.getMembersWithCapabilities('g'), new Map([['a', NESTED]]));
  },

  'A24 a bulk read of two members has exactly both, each with its own': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', { of: 'a' });
    await b.joinGroupCreate('g', { of: 'b' });
    for (const reader of [a, b])
      assert.deepEqual(
        await reader.getMembersWithCapabilities('g'),
        new Map([
          ['a', { of: 'a' }],
          ['b', { of: 'b' }],
        ]),
      );
  },

  'A25 a bulk read of an unknown group: it was not created': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.getMembersWithCapabilities('g'), 'GROUP_NOT_CREATED');
  },

  'A26 a bulk read of an empty group is empty': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    assert.deepEqual(await a.getMembersWithCapabilities('g'), new Map());
  },

  'A27 who joined without capabilities has none': async (t) => {
    const a = await t.coordinator('a');
    await a.joinGroupCreate('g');
    for (const found of [
      await a.getMemberCapabilities('g', 'a'),
      (await a.getMembersWithCapabilities('g')).get('a'),
    ])
      assert.deepEqual(found ?? {}, {});
    assert.ok((await a.getMembersWithCapabilities('g')).has('a'));
  },

  'A28 a single read in an unknown group is refused': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.getMemberCapabilities('g', 'a'), 'MEMBER_NOT_JOINED', 'GROUP_NOT_CREATED');
  },

  'A29 a single read of a stranger: not joined': async (t) => {
    const a = await t.coordinator('a');
    await a.joinGroupCreate('g', { n: 1 });
    await fails(a.getMemberCapabilities('g', 'stranger'), 'MEMBER_NOT_JOINED');
  },

  'A30 an update replaces the value': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', { n: 1, gone: true });
    await b.joinGroupCreate('g', { of: 'b' });
    for (const next of [{ n: 2 }, NESTED, {}]) {
      await a.updateCapabilities('g', next);
      assert.deepEqual(await b.getMemberCapabilities('g', 'a'), next);
    }
    assert.deepEqual(await a.getMemberCapabilities('g', 'b'), { of: 'b' });
  },

  'A31 an update in an unknown group is refused': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.updateCapabilities('g', { n: 1 }), 'MEMBER_NOT_JOINED', 'GROUP_NOT_CREATED');
    await a.createGroup('g');
    await fails(a.updateCapabilities('g', { n: 1 }), 'MEMBER_NOT_JOINED');
    assert.deepEqual(await a.getMembers('g'), new Set());
  },

  'A32 member info contains the capabilities': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', { n: 1 });
    for (const reader of [a, b]) {
      const { capabilities: found } = await reader.getMemberInfo('g', 'a');
      assert.deepEqual(found, { n: 1 });
    }
  },

  'A33 member info contains nested capabilities': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g', NESTED);
    assert.deepEqual((await b.getMemberInfo('g', 'a')).capabilities, NESTED);
  },

  'A34 member info in an unknown group is refused': async (t) => {
    const a = await t.coordinator('a');
    await fails(a.getMemberInfo('g', 'a'), 'MEMBER_NOT_JOINED', 'GROUP_NOT_CREATED');
  },

  'A35 member info of a stranger: not joined': async (t) => {
    const a = await t.coordinator('a');
    await a.joinGroupCreate('g');
    await fails(a.getMemberInfo('g', 'stranger'), 'MEMBER_NOT_JOINED');
  },
};
