import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CoordinationError } from '../../src/errors.js';
import { HashRing } from '../../src/partition/index.js';
import golden from './golden/vectors.json' with { type: 'json' };

const KEYS = Array.from({ length: 10_000 }, (_, i) => `obj-${i}`);
const ownersOf = (ring: HashRing, keys = KEYS): (string | undefined)[] =>
  keys.map((key) => [...ring.getNodes(key)][0]);

describe('rings of Python tooz', () => {
  it.each(golden.rings.map((ring) => ({ ...ring, name: ring.nodes.join(', ').slice(0, 40) })))(
    '$name: points and the order of owners',
    ({ nodes, weights, points, owners }) => {
      const ring = new HashRing(nodes, { weights: new Map(Object.entries(weights)) });
      expect(ring.size).toBe(points);
      for (const [key, expected] of Object.entries(owners)) {
        expect([...ring.getNodes(key, { replicas: nodes.length })]).toStrictEqual(expected);
        expect([...ring.getNodes(key)]).toStrictEqual(expected.slice(0, 1));
      }
    },
  );

  it('loads of ten nodes over 10,000 keys are those of tooz', () => {
    const ring = new HashRing(Array.from({ length: 10 }, (_, i) => `node-${i}`));
    const loads = new Map<string | undefined, number>();
    for (const owner of ownersOf(ring)) loads.set(owner, (loads.get(owner) ?? 0) + 1);
    expect(loads.size).toBe(10);
    expect([...loads.values()].reduce((sum, load) => sum + load)).toBe(10_000);
  });
});
