import assert from 'node:assert/strict';
import type { Coordinator } from '../../index.js';
import type { Cases } from '../trial.js';
import { runAll } from './events.js';

const OBJECTS = Array.from({ length: 100 }, (_, i) => `object-${i}`);

/** A 73–77. */
export const partitioner: Cases = {
  'A73 joinPartitionedGroup creates the group and joins it': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const parts = await a.joinPartitionedGroup('g');
    assert.equal(parts.groupId, 'g');
    assert.deepEqual(await b.getGroups(), ['g']);
    assert.deepEqual(await b.getMembers('g'), new Set(['a']));
    await b.joinPartitionedGroup('g');
    assert.deepEqual(await a.getMembers('g'), new Set(['a', 'b']));
    await a.leavePartitionedGroup(parts);
    assert.deepEqual(await b.getMembers('g'), new Set(['b']));
    assert.deepEqual([...a.joinedGroups], []);
  },

  'A74 the ring follows members that join and stop': async (t) => {
    const a = await t.coordinator('a');
    const parts = await a.joinPartitionedGroup('g');
    const nodes = (): string[] => [...parts.ring.nodes.keys()].sort();
    assert.deepEqual(nodes(), ['a']);
    const joinAs = async (id: string): Promise<Coordinator> => {
      const coordinator = await t.coordinator(id);
      await coordinator.joinPartitionedGroup('g');
      return coordinator;
    };
    const b = await joinAs('b');
    await a.runWatchers();
    assert.deepEqual(nodes(), ['a', 'b']);
    const [c, d] = [await joinAs('c'), await joinAs('d')];
    await a.runWatchers();
    assert.deepEqual(nodes(), ['a', 'b', 'c', 'd']);
    assert.equal(parts.ring.size, 4 * 32);
    for (const coordinator of [b, c, d]) await coordinator.stop();
    await a.runWatchers();
    assert.deepEqual(nodes(), ['a']);
    assert.equal(parts.ring.size, 32);
  },

  'A75 weights show in the rings of both members': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const one = await a.joinPartitionedGroup('g', { weight: 5 });
    const two = await b.joinPartitionedGroup('g', { weight: 10 });
    await runAll(a, b);
    for (const { ring } of [one, two]) {
      assert.deepEqual(
        new Map(ring.nodes),
        new Map([
          ['a', 5],
          ['b', 10],
        ]),
      );
      assert.equal(ring.size, 15 * 32);
    }
    assert.deepEqual(await a.getMemberCapabilities('g', 'b'), { weight: 10 });
  },

  'A76 stop removes both hooks': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    const parts = await a.joinPartitionedGroup('g');
    await b.joinGroup('g');
    assert.equal((await a.runWatchers()).length, 1);
    parts.stop();
    await b.leaveGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    await b.joinGroup('g');
    assert.deepEqual(await a.runWatchers(), []);
    assert.deepEqual([...parts.ring.nodes.keys()].sort(), ['a', 'b'], 'the ring stays as it was');
    assert.deepEqual([...a.joinedGroups], ['g']);
    parts.stop();
  },

  'A77 an object has exactly one owner, on whom all agree': async (t) => {
    const [a, b, c] = await t.coordinators(['a', 'b', 'c']);
    const members = [
      [a, await a.joinPartitionedGroup('g')],
      [b, await b.joinPartitionedGroup('g')],
      [c, await c.joinPartitionedGroup('g')],
    ] as const;
    await runAll(a, b, c);
    const owners = new Set<string>();
    for (const object of OBJECTS) {
      const [owner, ...others] = members[0][1].membersForObject(object);
      assert.ok(owner !== undefined && others.length === 0, `${object} has one owner`);
      owners.add(owner);
      for (const [{ memberId }, parts] of members) {
        assert.deepEqual(parts.membersForObject(object), new Set([owner]));
        assert.equal(parts.belongsToMember(object, owner), true);
        assert.equal(parts.belongsToMember(object, 'stranger'), false);
        assert.equal(parts.belongsToSelf(object), memberId === owner);
        assert.equal(parts.membersForObject(object, { replicas: 3 }).size, 3);
        assert.equal(parts.membersForObject(object, { ignore: [owner] }).has(owner), false);
      }
    }
    assert.deepEqual(owners, new Set(['a', 'b', 'c']));
  },
};
