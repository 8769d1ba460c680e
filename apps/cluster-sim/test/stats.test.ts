import { expect, test } from 'vitest';
import { TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';

test('true means that all nodes hold the same ids, not only as many', async () => {
  const client = new TestClient((await startCluster()).url);
  const nodes = ['node01', 'node02', 'node03'];
  const stats = async (): Promise<string> => (await client.send('GET', '/v1/stats')).text;
  for (const node of nodes) await client.create(`only ${node}`, { node });
  expect(await stats()).toBe('[false, {"node01": 1, "node02": 1, "node03": 1}]');
  for (const node of nodes) {
    for (const other of nodes) await client.create(`only ${other}`, { node, timestamp: 7 });
  }
  expect(await stats()).toBe('[true, {"node01": 3, "node02": 3, "node03": 3}]');
  await client.delete('only node01', { node: 'node02' });
  expect(await stats()).toBe('[false, {"node01": 3, "node02": 2, "node03": 3}]');
  await client.create('another', { node: 'node02' });
  expect(await stats()).toBe('[false, {"node01": 3, "node02": 3, "node03": 3}]');
  // The comparison ends early and must not keep a node from writing.
  expect((await client.create('more', { node: 'node03' })).status).toBe(201);
});
