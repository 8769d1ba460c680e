import { expect, it } from 'vitest';
import { idBytes, idText } from '../../src/ids.js';
import { Fleet, useRedis } from './fleet.js';
import { hex } from './python-peer.js';
import { reportLine } from './report-line.js';

const redis = useRedis();
const GROUP = { group: hex('g') };
const fromHex = (id: string): string => idText('id', Buffer.from(id, 'hex'));

it('B26 owners agree for 10,000 keys, and after members have come, gone and died', async () => {
  const fleet = new Fleet(redis());
  const [a, b, c, python] = await Promise.all([
    fleet.node('a'),
    fleet.node('чупакабра'),
    fleet.node(Buffer.from([0xff])),
    fleet.python('p'),
  ]);
  const first = await a.joinPartitionedGroup('g', { weight: 3 });
  await python.tell('join_partitioned', { ...GROUP, weight: 2 });
  const third = await b.joinPartitionedGroup('g');
  await c.joinPartitionedGroup('g', { weight: 0 });
  const runs = () => Promise.all([a.runWatchers(), b.runWatchers(), python.tell('run_watchers', {})]);
  await runs();
  expect(new Map(first.ring.nodes)).toStrictEqual(
    new Map([
      ['a', 3],
      ['p', 2],
      ['чупакабра', 1],
      ['\udcff', 0],
    ]),
  );
  expect(await python.tell('ring', GROUP)).toStrictEqual(
    Object.fromEntries(
      [...first.ring.nodes].map(([node, weight]) => [idBytes(node).toString('hex'), weight]),
    ),
  );

  const keys = Array.from({ length: 10_000 }, (_, i) => `obj-${i}`);
  const started = performance.now();
  const theirs = await python.tell('owners', {
    ...GROUP,
    objects: keys.map((key) => `'${key}'`),
    replicas: 1,
  });
  const asked = performance.now();
  const ours = keys.map((key) => [...first.membersForObject(key)]);
  const answered = performance.now();
  expect(ours).toStrictEqual(theirs.map((owners) => owners.map(fromHex)));
  expect(ours).toStrictEqual(keys.map((key) => [...third.membersForObject(key)]));
  const loads = new Map<string, number>();
  for (const [owner = ''] of ours) loads.set(owner, (loads.get(owner) ?? 0) + 1);
  expect(new Set(loads.keys())).toStrictEqual(new Set(['a', 'p', 'чупакабра']));
  reportLine(
    `interop: ${keys.length} keys, 0 owners differ (${[...loads].map(([owner, load]) => `${owner} ${load}`).join(', ')}); ` +
      `Python ${(asked - started).toFixed(0)} ms, Node ${(answered - asked).toFixed(0)} ms`,
  );

  await a.leavePartitionedGroup(first);
  await runs();
  const few = keys.slice(0, 1_000);
  const after = await python.tell('owners', { ...GROUP, objects: few.map((key) => `'${key}'`), replicas: 2 });
  expect(few.map((key) => [...third.membersForObject(key, { replicas: 2 })].sort())).toStrictEqual(
    after.map((owners) => owners.map(fromHex).sort()),
  );
  await python.kill();
});

it('B26 objects of all types that both languages have are placed alike', async () => {
  const fleet = new Fleet(redis());
  const [node, python] = await Promise.all([fleet.node('n'), fleet.python('p')]);
  await python.tell('join_partitioned', { ...GROUP, weight: 1 });
  const partitioner = await node.joinPartitionedGroup('g');
  await python.tell('run_watchers', {});
  const objects: readonly (readonly [string | number | bigint | Uint8Array, string])[] = [
    ['', "''"],
    ['чупакабра 😀', "'чупакабра 😀'"],
    [0, '0'],
    [-17, '-17'],
    [2 ** 53 - 1, '9007199254740991'],
    [2n ** 80n, '1208925819614629174706176'],
    [0.5, '0.5'],
    ...Array.from({ length: 256 }, (_, byte) => bytesOf([byte])),
    ...Array.from({ length: 256 }, (_, byte) => bytesOf([byte, 0x27, byte])),
  ];
  const theirs = await python.tell('owners', {
    ...GROUP,
    objects: objects.map(([, literal]) => literal),
    replicas: 1,
  });
  const ours = objects.map(([object]) => [...partitioner.membersForObject(object)]);
  expect(ours).toStrictEqual(theirs.map((owners) => owners.map(fromHex)));
  expect(new Set(ours.flat())).toStrictEqual(new Set(['n', 'p']));
});

/** Bytes in both languages. */
function bytesOf(bytes: readonly number[]): [Uint8Array, string] {
  const literal = bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return [Uint8Array.from(bytes), `b'${literal}'`];
}
