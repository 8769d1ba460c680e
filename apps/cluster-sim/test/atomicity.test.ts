import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/clock.js';
import { resolveExtensions } from '../src/extensions.js';
import { AppliedLog } from '../src/log/applied-log.js';
import { silentLogger } from '../src/logger.js';
import type { NodeWrite, WriteStatus } from '../src/node-write.js';
import { SimNode } from '../src/sim-node.js';
import { NodeStore } from '../src/store/node-store.js';
import { WriteQueue } from '../src/write-queue.js';
import { TestClient } from './support/client.js';
import { startCluster, tempFolder } from './support/cluster.js';

function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe.each(['on', 'off'] as const)('with extensions %s', (extensions) => {
  test('of many creates of one id at once exactly one succeeds', async () => {
    const client = new TestClient((await startCluster({ extensions })).url);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, place) => client.create('5', { timestamp: place + 1 })),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 400: 199 });
  });

  test('of many deletes of one version at once exactly one succeeds', async () => {
    const client = new TestClient((await startCluster({ extensions })).url);
    await client.create('5', { timestamp: 1.5 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => client.delete('5', { timestamp: 1.5 })),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 404: 199 });
  });

  test('racing creates and deletes leave what the log says they left', async () => {
    const cluster = await startCluster({ extensions });
    const client = new TestClient(cluster.url);
    await Promise.all(
      Array.from({ length: 300 }, (_, place) => {
        const ask = { timestamp: place + 1, node: `node0${(place % 3) + 1}` };
        return place % 2 === 0 ? client.create('5', ask) : client.delete('5', { node: ask.node });
      }),
    );
    for (const node of ['node01', 'node02', 'node03']) {
      const changes = cluster.log().filter((entry) => entry.node === node && entry.applied !== 'none');
      // A record can only be created where there is none, and only be deleted where there is one.
      const expected = changes.map((_, place) => (place % 2 === 0 ? 'created' : 'deleted'));
      expect(changes.map(({ applied }) => applied)).toEqual(expected);
      const exists = changes.at(-1)?.applied === 'created';
      expect((await client.get('5', { node })).status).toBe(exists ? 200 : 404);
    }
  });
});

test('a write that fails is answered 500 and does not touch those of its batch', async () => {
  const folder = tempFolder();
  const store = new NodeStore(join(folder, 'node01.db'), resolveExtensions('on'), systemClock);
  const log = new AppliedLog({ folder, maxBytes: 10_000, clock: systemClock, logger: silentLogger });
  const node = new SimNode('node01', store, () => 0);
  const queue = new WriteQueue(log, silentLogger);
  const write: NodeWrite = { verb: 'POST', groupId: 'a', timestamp: 1, fence: null, fault: null };
  // A text where the table takes only numbers stands for any statement that fails, after its fence has been raised.
  const broken = {
    ...write,
    groupId: 'b',
    timestamp: 'x',
    fence: { scope: 's', value: 9n },
  } as unknown as NodeWrite;
  const fenced = { ...write, groupId: 'd', fence: { scope: 's', value: 8n } };
  const statuses: WriteStatus[] = [];
  for (const each of [write, broken, write, { ...write, groupId: 'c' }, fenced]) {
    queue.push(node, { write: each, isLate: () => false, done: (status) => statuses.push(status) });
  }
  queue.flush();
  expect(statuses).toEqual([201, 500, 400, 201, 201]);
  expect(store.list(undefined, 10).map(({ groupId }) => groupId)).toEqual(['a', 'c', 'd']);
  expect(log.ring.read(0, 10).map(({ groupId }) => groupId)).toEqual(['a', 'a', 'c', 'd']);
  log.close();
  store.close();
});
