import assert from 'node:assert/strict';
import { idText } from '../../ids.js';
import type { Cases } from '../trial.js';
import { joinAndDie, mortal } from './silence.js';

/** `createGroup`, `deleteGroup`, `listGroups`. */
export const groupCases: Cases = {
  'createGroup creates once': async (t) => {
    const { driver } = await t.probe('a');
    assert.equal(await driver.createGroup('g'), 'created');
    assert.equal(await driver.createGroup('g'), 'exists');
    const { driver: other } = await t.probe('b');
    assert.equal(await other.createGroup('g'), 'exists');
  },

  'createGroup by many at once creates once': async (t) => {
    const probes = await Promise.all(['a', 'b', 'c'].map((id) => t.probe(id)));
    const replies = await Promise.all(
      probes.flatMap(({ driver }) => Array.from({ length: 5 }, () => driver.createGroup('g'))),
    );
    assert.equal(replies.filter((reply) => reply === 'created').length, 1);
    assert.equal(replies.filter((reply) => reply === 'exists').length, 14);
  },

  'listGroups lists what there is': async (t) => {
    const { driver } = await t.probe('a');
    assert.deepEqual(await driver.listGroups(), []);
    for (const group of ['g1', 'g2', 'g3']) await driver.createGroup(group);
    assert.deepEqual((await driver.listGroups()).sort(), ['g1', 'g2', 'g3']);
    await driver.deleteGroup('g2');
    assert.deepEqual((await driver.listGroups()).sort(), ['g1', 'g3']);
  },

  'ids of any bytes and of 1,024 bytes come back as they went': async (t) => {
    const groups = [
      'ü/чупакабра 🐘',
      'a:b',
      '__created__x',
      '%_*?[]\\\'"',
      '\u0000\n',
      idText(
        'group',
        Uint8Array.from({ length: 256 }, (_, i) => i),
      ),
      'x'.repeat(1024),
    ];
    const probe = await t.probe(idText('member', Uint8Array.of(0xff, 0x00, 0xc3)));
    for (const group of groups) assert.equal((await probe.join(group)).status, 'joined');
    assert.deepEqual((await probe.driver.listGroups()).sort(), groups.toSorted());
    const readings = await probe.read(groups);
    assert.deepEqual(
      readings.map((reading) => reading?.members.map(({ id }) => id)),
      groups.map(() => [probe.memberId]),
    );
    assert.deepEqual(
      await probe.leave(groups),
      groups.map(() => 'left'),
    );
    for (const group of groups) assert.equal(await probe.driver.deleteGroup(group), 'deleted');
    assert.deepEqual(await probe.driver.listGroups(), []);
  },

  'namespaces know nothing of each other': async (t) => {
    const a = await t.probe('a');
    const b = await t.probe('b', { namespace: `${t.namespace}-other` });
    await a.join('g');
    assert.deepEqual(await b.driver.listGroups(), []);
    assert.deepEqual(await b.read(['g']), [null]);
    assert.equal(await b.driver.createGroup('g'), 'created');
    assert.deepEqual(await a.members('g'), new Set(['a']));
    assert.equal(await b.driver.deleteGroup('g'), 'deleted');
    assert.deepEqual(await a.driver.listGroups(), ['g']);
  },

  'deleteGroup deletes an empty group, and only that': async (t) => {
    const probe = await t.probe('a');
    assert.equal(await probe.driver.deleteGroup('g'), 'no-group');
    await probe.join('g');
    assert.equal(await probe.driver.deleteGroup('g'), 'not-empty');
    assert.deepEqual(await probe.members('g'), new Set(['a']));
    await probe.leave(['g']);
    assert.equal(await probe.driver.deleteGroup('g'), 'deleted');
    assert.equal(await probe.driver.deleteGroup('g'), 'no-group');
    assert.deepEqual(await probe.read(['g']), [null]);
  },

  'deleteGroup does not count the dead': async (t) => {
    const dead = await mortal(t, 'dead');
    await joinAndDie(t, dead, 'g');
    const { driver } = await t.probe('other');
    assert.equal(await driver.deleteGroup('g'), 'deleted');
    assert.deepEqual((await dead.beat({ groups: ['g'] })).groups, ['evicted']);
    assert.ok(!(await driver.listGroups()).includes('g'));
  },

  'deleteGroup counts the living beside the dead': async (t) => {
    const [dead, living] = [await mortal(t, 'dead'), await t.probe('living')];
    await living.join('g');
    await joinAndDie(t, dead, 'g');
    const { driver } = await t.probe('other');
    assert.equal(await driver.deleteGroup('g'), 'not-empty');
    assert.deepEqual(await living.members('g'), new Set(['living']));
  },
};
