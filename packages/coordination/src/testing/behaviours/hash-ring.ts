import assert from 'node:assert/strict';
import { CoordinationError } from '../../errors.js';
import { HashRing } from '../../index.js';
import type { Cases } from '../trial.js';

const invalid = (error: unknown): boolean =>
  error instanceof CoordinationError && error.code === 'INVALID_ARGUMENT';

const NODES = ['foo', 'bar', 'baz'] as const;
/** What tooz answers for three nodes, in the order of its replicas. */
const OWNERS_OF_TOOZ = {
  fake: 'foo,bar,baz',
  'fake-again': 'bar,baz,foo',
  '': 'bar,foo,baz',
  'obj-1': 'baz,foo,bar',
  'obj-2': 'bar,baz,foo',
  чупакабра: 'bar,baz,foo',
} as const;
const KEYS = Array.from({ length: 10_000 }, (_, i) => `key-${i}`);

const ownerOf = (ring: HashRing, key: string): string => [...ring.getNodes(key)].join();
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `node-${i}`);

/** A 78–84: pure computation, shown here so that the list is whole for each driver. */
export const hashRing: Cases = {
  'A78 a ring has 32 points for each unit of weight': async () => {
    const ring = new HashRing(['a']);
    assert.equal(ring.size, 32);
    ring.addNode('b', { weight: 3 });
    assert.equal(ring.size, 128);
    ring.removeNode('a');
    assert.equal(ring.size, 96);
    assert.equal(new HashRing(['a', 'b'], { weights: new Map([['b', 5]]) }).size, 192);
    assert.equal(new HashRing(['a'], { partitions: 7 }).size, 7);
  },

  'A79 nodes are text or bytes, ASCII or not': async () => {
    const text = new HashRing(['foo', 'чупакабра', 'm\udcff']);
    const bytes = new HashRing([
      new TextEncoder().encode('foo'),
      new TextEncoder().encode('чупакабра'),
      Uint8Array.of(0x6d, 0xff),
    ]);
    assert.deepEqual([...bytes.nodes.keys()], ['foo', 'чупакабра', 'm\udcff']);
    const owners = new Set<string>();
    for (const key of KEYS.slice(0, 300)) {
      assert.deepEqual(bytes.getNodes(key, { replicas: 3 }), text.getNodes(key, { replicas: 3 }));
      owners.add(ownerOf(bytes, key));
    }
    assert.deepEqual(owners, new Set(['foo', 'чупакабра', 'm\udcff']));
  },

  'A80 removing an unknown node is an error': async () => {
    const ring = new HashRing(NODES);
    assert.throws(() => ring.removeNode('stranger'), invalid);
    assert.deepEqual([...ring.nodes.keys()], [...NODES]);
    ring.removeNode('foo');
    assert.throws(() => ring.removeNode('foo'), invalid);
  },

  'A81 an ignored node is never named': async () => {
    const ring = new HashRing(NODES);
    for (const [key, owners] of Object.entries(OWNERS_OF_TOOZ)) {
      const [first, second, third] = owners.split(',');
      assert.ok(first && second && third);
      assert.deepEqual([...ring.getNodes(key, { ignore: [first] })], [second]);
      assert.deepEqual([...ring.getNodes(key, { ignore: [second], replicas: 3 })], [first, third]);
      assert.deepEqual([...ring.getNodes(key, { ignore: NODES })], []);
      assert.deepEqual([...ring.getNodes(key, { ignore: ['stranger'] })], [first]);
    }
    assert.deepEqual([...new HashRing().getNodes('fake')], []);
  },

  'A82 replicas are in tooz’s order, and no more than there are nodes': async () => {
    const ring = new HashRing(NODES);
    for (const [key, owners] of Object.entries(OWNERS_OF_TOOZ))
      for (const replicas of [1, 2, 3, 10])
        assert.deepEqual([...ring.getNodes(key, { replicas })], owners.split(',').slice(0, replicas), key);
  },

  'A83 a node that joins or leaves moves about its own share of the keys': async () => {
    const ten = new HashRing(numbered(10));
    const before = KEYS.map((key) => ownerOf(ten, key));
    ten.addNode('node-10');
    const after = KEYS.map((key) => ownerOf(ten, key));
    const moved = KEYS.filter((_, i) => before[i] !== after[i]).length;
    assert.ok(moved > 0 && moved <= KEYS.length / 10, `${moved} of ${KEYS.length} moved`);
    for (const [i, owner] of after.entries())
      if (owner !== before[i]) assert.equal(owner, 'node-10', 'keys move to the new node only');
    ten.removeNode('node-10');
    assert.deepEqual(
      KEYS.map((key) => ownerOf(ten, key)),
      before,
    );
    const shares = numbered(10).map((node) => before.filter((owner) => owner === node).length);
    assert.ok(Math.min(...shares) > 400 && Math.max(...shares) < 2_000, `the shares are ${shares.join(' ')}`);
  },

  'A84 an unknown hash function is an error': async () => {
    assert.throws(() => new HashRing(NODES, { hashFunction: 'no-such-hash' }), invalid);
    const other = new HashRing(NODES, { hashFunction: 'sha256' });
    assert.equal(other.getNodes('fake', { replicas: 3 }).size, 3);
  },
};
