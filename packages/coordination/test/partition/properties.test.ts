import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HashRing } from '../../src/partition/index.js';
import { PointTable } from '../../src/partition/point-table.js';

const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const weighted = fc.uniqueArray(fc.tuple(name, fc.integer({ min: 0, max: 4 })), {
  selector: ([node]) => node,
  maxLength: 12,
});
const keys = fc.array(fc.string(), { minLength: 1, maxLength: 20 });

/** The ring as one would write it down: all points in a list, sorted as numbers of any size. */
function plainOwners(
  nodes: readonly (readonly [string, number])[],
  key: string,
  ignored: ReadonlySet<string>,
): string[] {
  const number = (text: string): bigint => BigInt(`0x${createHash('md5').update(text).digest('hex')}`);
  const points = nodes
    .flatMap(([node, weight]) =>
      Array.from({ length: 32 * weight }, (_, r) => ({ node, at: number(node.repeat(r + 2)) })),
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const at = number(key);
  const after = [...points.filter((point) => point.at > at), ...points.filter((point) => point.at <= at)];
  return [...new Set(after.map(({ node }) => node).filter((node) => !ignored.has(node)))];
}

it('owners are those of a plain list of points, whatever is ignored', () => {
  fc.assert(
    fc.property(weighted, keys, fc.array(name), fc.nat({ max: 5 }), (nodes, some, strangers, take) => {
      const ring = new HashRing([], {});
      for (const [node, weight] of nodes) ring.addNode(node, { weight });
      const ignore = [...strangers, ...nodes.slice(0, take).map(([node]) => node)];
      for (const key of some) {
        const expected = plainOwners(nodes, key, new Set(ignore));
        expect([...ring.getNodes(key, { replicas: 20, ignore })]).toStrictEqual(expected);
        expect([...ring.getNodes(key, { replicas: 2, ignore })]).toStrictEqual(expected.slice(0, 2));
      }
    }),
    { numRuns: 60 },
  );
});

it('the order in which nodes come, and what was there between, does not matter', () => {
  const history = fc.tuple(weighted, fc.array(name), fc.infiniteStream(fc.nat({ max: 1_000 })));
  fc.assert(
    fc.property(history, keys, ([nodes, passing, random], some) => {
      const ring = new HashRing(
        nodes.map(([node]) => node),
        { weights: new Map(nodes) },
      );
      const other = new HashRing(passing);
      for (const [node, weight] of shuffled(nodes, random)) {
        other.getNodes('look between');
        other.addNode(node, { weight });
      }
      const wanted = new Set(nodes.map(([node]) => node));
      for (const node of shuffled([...other.nodes.keys()], random))
        if (!wanted.has(node)) other.removeNode(node);
      expect(other.size).toBe(ring.size);
      for (const key of some)
        expect([...other.getNodes(key, { replicas: 20 })]).toStrictEqual([
          ...ring.getNodes(key, { replicas: 20 }),
        ]);
    }),
    { numRuns: 60 },
  );
});

it('a node that comes takes keys for itself and moves no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), name, (nodes, newcomer) => {
      fc.pre(!nodes.includes(newcomer));
      const ring = new HashRing(nodes);
      const some = Array.from({ length: 200 }, (_, i) => `key ${i}`);
      const before = some.map((key) => [...ring.getNodes(key)]);
      ring.addNode(newcomer);
      some.forEach((key, i) => {
        const [owner] = ring.getNodes(key);
        expect([owner === newcomer ? newcomer : before[i]?.[0]]).toStrictEqual([owner]);
      });
    }),
    { numRuns: 40 },
  );
});

it('digests with the first 32 bits in common are told apart, and of equal ones the last counts', () => {
  const digest = fc
    .constantFrom('00000000', '7fffffff', 'ffffffff')
    .chain((prefix) => fc.nat({ max: 3 }).map((rest) => `${prefix}${rest.toString(16).padStart(8, '0')}`));
  fc.assert(
    fc.property(fc.array(fc.array(digest, { maxLength: 4 }), { maxLength: 6 }), digest, (given, key) => {
      const table = new PointTable(
        given.map((points, i) => ({ node: `n${i}`, digests: Buffer.from(points.join(''), 'hex') })),
        8,
      );
      const owner = new Map(given.flatMap((points, i) => points.map((point) => [point, `n${i}`] as const)));
      const order = [...owner.keys()].sort();
      const around = [...order.filter((point) => point > key), ...order.filter((point) => point <= key)];
      expect(table.size).toBe(order.length);
      expect([...table.from(Buffer.from(key, 'hex'))]).toStrictEqual(around.map((point) => owner.get(point)));
    }),
    { numRuns: 500 },
  );
});

function shuffled<T>(values: readonly T[], random: Iterator<number>): T[] {
  return values
    .map((value) => ({ value, at: Number(random.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
