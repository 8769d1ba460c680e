import { createHash, getHashes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CoordinationError } from '../../src/errors.js';
import { type Id, idText } from '../../src/ids.js';
import { HashFunction } from '../../src/partition/hash-function.js';
import { HashRing } from '../../src/partition/index.js';
import { nodePoints } from '../../src/partition/node-points.js';
import owners from './golden/owners.json' with { type: 'json' };
import golden from './golden/vectors.json' with { type: 'json' };

const KEYS = Array.from({ length: 10_000 }, (_, i) => `obj-${i}`);
const ownersOf = (ring: HashRing): string[] => KEYS.map((key) => [...ring.getNodes(key)].join());
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('owners are those of Python tooz', () => {
  it.each(golden.rings.map((ring) => ({ ...ring, name: ring.nodes.join(', ').slice(0, 40) })))(
    '$name: points and the order of owners',
    ({ nodes, weights, points, owners: expected }) => {
      const ring = new HashRing(nodes, { weights: new Map(Object.entries(weights)) });
      expect(ring.size).toBe(points);
      for (const [key, order] of Object.entries(expected)) {
        expect([...ring.getNodes(key, { replicas: nodes.length })]).toStrictEqual(order);
        expect([...ring.getNodes(Buffer.from(key))]).toStrictEqual(order.slice(0, 1));
        for (let i = 1; i < order.length; i++)
          expect([...ring.getNodes(key, { ignore: order.slice(0, i) })]).toStrictEqual(order.slice(i, i + 1));
      }
    },
  );

  it.each(owners.rings)('$name ($hashFunction): owners of 10,000 keys', (expected) => {
    const { nodes, weights, partitions, hashFunction, loads } = expected;
    const ring = new HashRing([], { partitions, hashFunction });
    const weightOf = new Map(Object.entries(weights));
    for (const hex of nodes) ring.addNode(bytesOf(hex), { weight: weightOf.get(hex) ?? 1 });
    expect(ring.size).toBe(expected.points);
    const hexOf = new Map(nodes.map((hex) => [idText('node', bytesOf(hex)), hex]));
    const named = ownersOf(ring).map((owner) => hexOf.get(owner) ?? owner);
    const counts = Object.fromEntries(Object.keys(loads).map((hex) => [hex, 0]));
    for (const hex of named) counts[hex] = (counts[hex] ?? 0) + 1;
    expect(counts).toStrictEqual(loads);
    expect(createHash('sha256').update(named.join()).digest('hex')).toBe(expected.sha256);
  });

  it('the points of a node are the digests of its name written twice, three times and so on', () => {
    const points = nodePoints(Buffer.from('foo'), 2, new HashFunction('md5'));
    expect(points.toString('hex')).toBe('fdba98970961edb29f88241b9d99d890216d7c020d0732def6775af81f6dc44f');
  });
});

describe('nodes', () => {
  it('A78 a node has 32 points for each unit of its weight', () => {
    const ring = new HashRing(['a', 'b'], { weights: new Map([['b', 3]]) });
    expect(ring.size).toBe(32 * 4);
    expect([...ring.nodes]).toStrictEqual([
      ['a', 1],
      ['b', 3],
    ]);
    ring.addNodes(['c', 'd'], { weight: 2 });
    expect(ring.size).toBe(32 * 8);
    expect(new HashRing(['a'], { partitions: 5 }).size).toBe(5);
    expect(new HashRing().size).toBe(0);
  });

  it('A79 text, bytes and other scripts are nodes; bytes that are text are that text', () => {
    const ring = new HashRing(['a', Buffer.from('a'), 'чупакабра', Uint8Array.of(0xff)]);
    expect([...ring.nodes.keys()]).toStrictEqual(['a', 'чупакабра', '\udcff']);
    expect(ring.getNodes('k', { replicas: 9 })).toStrictEqual(new Set(ring.nodes.keys()));
    ring.removeNode(Buffer.from('чупакабра'));
    expect([...ring.nodes.keys()]).toStrictEqual(['a', '\udcff']);
  });

  it('a node that is added again has its last weight', () => {
    const ring = new HashRing(['a', 'b']);
    ring.addNode('a', { weight: 5 });
    expect(ring.size).toBe(32 * 6);
    const other = new HashRing(['a', 'b'], { weights: new Map([['a', 5]]) });
    expect(ownersOf(ring)).toStrictEqual(ownersOf(other));
    ring.addNode('a');
    expect(ring.size).toBe(64);
    expect(ownersOf(ring)).toStrictEqual(ownersOf(new HashRing(['a', 'b'])));
  });

  it('a node of weight 0 is on the ring, owns nothing, and stands in for nobody', () => {
    const ring = new HashRing(['a', 'b'], { weights: new Map([['a', 0]]) });
    expect(ring.nodes.get('a')).toBe(0);
    expect(ring.getNodes('k', { replicas: 2 })).toStrictEqual(new Set(['b']));
    expect(ring.getNodes('k', { ignore: ['b'] })).toStrictEqual(new Set());
    expect(ring.getNodes('k', { ignore: ['a'], replicas: 2 })).toStrictEqual(new Set(['b']));
  });

  it('A80 removing a node that is not there is an error that names it', () => {
    const ring = new HashRing(['a']);
    expect(codeOf(() => ring.removeNode('b'))).toBe('INVALID_ARGUMENT');
    expect(() => ring.removeNode('b')).toThrow(/node "b" is not on the ring, which has 1 nodes/);
    ring.removeNode('a');
    expect(codeOf(() => ring.removeNode('a'))).toBe('INVALID_ARGUMENT');
    expect(ring.getNodes('k')).toStrictEqual(new Set());
  });
});

describe('owners', () => {
  const nodes = ['a', 'b', 'c'];
  const ring = new HashRing(nodes);

  it('A81 ignored nodes are never named; all ignored is an empty set; ignoring a stranger is harmless', () => {
    for (const key of KEYS.slice(0, 300)) {
      const [first] = ring.getNodes(key);
      const named = ring.getNodes(key, { ignore: [first ?? ''], replicas: 3 });
      expect(named.size).toBe(2);
      expect(named).not.toContain(first);
      expect(ring.getNodes(key, { ignore: ['stranger'] })).toStrictEqual(new Set([first]));
    }
    expect(ring.getNodes('k', { ignore: nodes })).toStrictEqual(new Set());
    expect(ring.getNodes('k', { ignore: [Buffer.from('a'), 'b', 'c', 'd'] })).toStrictEqual(new Set());
  });

  it('A82 there are no more replicas than nodes', () => {
    expect(ring.getNodes('k', { replicas: 2 }).size).toBe(2);
    expect(ring.getNodes('k', { replicas: 3 }).size).toBe(3);
    expect(ring.getNodes('k', { replicas: 1_000 })).toStrictEqual(
      new Set(ring.getNodes('k', { replicas: 3 })),
    );
    expect(ring.getNodes('k', { replicas: 0 })).toStrictEqual(new Set());
  });

  it('A83 B32 the eleventh node takes at most a tenth of 10,000 keys, and only it takes any', () => {
    const names = Array.from({ length: 11 }, (_, i) => `node-${String(i).padStart(2, '0')}`);
    const grown = new HashRing(names.slice(0, 10));
    const before = ownersOf(grown);
    grown.addNode('node-10');
    const after = ownersOf(grown);
    const moved = after.filter((owner, i) => owner !== before[i]);
    expect(moved).toHaveLength(712);
    expect(new Set(moved)).toStrictEqual(new Set(['node-10']));
    grown.removeNode('node-10');
    expect(ownersOf(grown)).toStrictEqual(before);
  });
});

describe('refusals', () => {
  it.each(['no-such-hash', '', 'shake_128', 'shake256', '__proto__'])(
    'A84 hash function %j',
    (hashFunction) => {
      expect(codeOf(() => new HashRing([], { hashFunction }))).toBe('INVALID_ARGUMENT');
    },
  );

  it('names of either language are hash functions', () => {
    for (const hashFunction of [
      'sha3_256',
      'sha3-256',
      'sha512_256',
      'blake2b',
      ...getHashes().filter((name) => /^sha\d+$/.test(name)),
    ])
      expect(new HashRing(['a'], { hashFunction }).size).toBe(32);
  });

  it.each<[string, (ring: HashRing) => unknown]>([
    ['weight -1', (ring) => ring.addNode('a', { weight: -1 })],
    ['weight 1.5', (ring) => ring.addNode('a', { weight: 1.5 })],
    ['weight 32769, more than 2^20 points', (ring) => ring.addNode('a', { weight: 32_769 })],
    ['weight NaN', (ring) => ring.addNodes(['a'], { weight: Number.NaN })],
    ['a weight of text', (ring) => ring.addNode('a', { weight: '2' as unknown as number })],
    ['partitions 0', () => new HashRing([], { partitions: 0 })],
    ['partitions 0.5', () => new HashRing([], { partitions: 0.5 })],
    ['replicas -1', (ring) => ring.getNodes('k', { replicas: -1 })],
    ['replicas Infinity', (ring) => ring.getNodes('k', { replicas: Number.POSITIVE_INFINITY })],
    ['an empty node', (ring) => ring.addNode('')],
    ['a node that is a number', (ring) => ring.addNode(5 as unknown as Id)],
  ])('%s', (_name, action) => {
    const ring = new HashRing(['before']);
    expect(codeOf(() => action(ring))).toBe('INVALID_ARGUMENT');
    expect([...ring.nodes]).toStrictEqual([['before', 1]]);
  });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof CoordinationError) return error.code;
    throw error;
  }
  return undefined;
}
