import { describe, expect, test } from 'vitest';
import { startClusterSim } from '../src/index.js';
import { expectLost, messageOf, TestClient } from './support/client.js';
import { startCluster, tempFolder } from './support/cluster.js';

describe('host names', () => {
  test.each(['node02.app.internal.com', 'node02', 'node02:8080', 'NODE02.example.org:80'])(
    'the host %s means node02',
    async (host) => {
      const cluster = await startCluster();
      const client = new TestClient(cluster.url);
      const answer = await client.send('POST', '/v1/group', { headers: { host }, body: '{"groupId": "5"}' });
      expect(answer.status).toBe(201);
      expect(cluster.log()).toMatchObject([{ node: 'node02' }]);
    },
  );

  test('the header node wins over the host', async () => {
    const cluster = await startCluster();
    await new TestClient(cluster.url).create('5', {
      node: 'node03',
      headers: { host: 'node02.example.org' },
    });
    expect(cluster.log()).toMatchObject([{ node: 'node03' }]);
  });

  test('a host that names no node, or an empty header, means none', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const host of ['node04.example.org', 'localhost', 'xnode01', '.node01']) {
      const answer = await client.send('GET', '/group/5', { headers: { host, node: '' } });
      expect(answer.status).toBe(406);
      expect(messageOf(answer)).toBe('provide node parameter in request headers');
    }
  });
});

describe('own ports', () => {
  test('a port means its node, unless header or host say otherwise', async () => {
    const cluster = await startCluster({ nodePorts: true });
    expect(new Set([cluster.url, ...Object.values(cluster.nodes)]).size).toBe(4);
    const client = new TestClient(cluster.nodes['node02'] ?? '');
    for (const [id, headers] of [
      ['own', {}],
      ['header', { node: 'node03' }],
      ['host', { host: 'node01.example.org' }],
    ] as const) {
      await client.send('POST', '/group', { headers, body: JSON.stringify({ groupId: id }) });
    }
    expect(cluster.log().map(({ groupId, node }) => [groupId, node])).toEqual([
      ['own', 'node02'],
      ['header', 'node03'],
      ['host', 'node01'],
    ]);
  });

  test('a stopped node refuses connections to its port, and comes back on the same one', async () => {
    const cluster = await startCluster({ nodePorts: true });
    const address = cluster.nodes['node02'] ?? '';
    const client = new TestClient(address);
    await client.send('POST', '/group', { body: '{"groupId": "5"}' });
    await cluster.stopNode('node02');
    await expect(client.send('GET', '/group/5')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expectLost(new TestClient(cluster.url).get('5', { node: 'node02' }));
    expect((await new TestClient(cluster.nodes['node01'] ?? '').send('GET', '/group/5')).status).toBe(404);
    await cluster.startNode('node02');
    await cluster.startNode('node02');
    expect(cluster.nodes['node02']).toBe(address);
    expect((await client.send('GET', '/group/5')).status).toBe(200);
  });

  test('a node that is down by plan resets connections to its port', async () => {
    const cluster = await startCluster({ nodePorts: true, faults: { nodes: { node02: { down: true } } } });
    await expectLost(new TestClient(cluster.nodes['node02'] ?? '').send('GET', '/ping'));
    expect((await new TestClient(cluster.nodes['node01'] ?? '').send('GET', '/ping')).status).toBe(200);
  });

  test('a map gives ports to some nodes, the others share', async () => {
    const cluster = await startCluster({ nodePorts: { node03: 0 } });
    expect(cluster.nodes['node01']).toBe(`${cluster.url}/v1`);
    expect(cluster.nodes['node03']).not.toBe(`${cluster.url}/v1`);
  });

  test('a taken port is named with its node, and nothing stays open', async () => {
    const first = await startCluster();
    const port = Number(new URL(first.url).port);
    const dataDir = tempFolder();
    await expect(startClusterSim({ port: 0, dataDir, nodePorts: { node02: port } })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 for node02 is taken`),
    });
    const second = await startCluster({ dataDir });
    expect((await new TestClient(second.url).send('GET', '/ping')).status).toBe(200);
  });
});

test('a closed cluster takes no orders, and closing it again is harmless', async () => {
  const cluster = await startCluster();
  await Promise.all([cluster.close(), cluster.close()]);
  await expect(cluster.stopNode('node01')).rejects.toMatchObject({ code: 'CLOSED' });
});

test('an unknown node is named', async () => {
  const cluster = await startCluster({ nodes: ['a', 'b'] });
  await expect(cluster.startNode('c')).rejects.toMatchObject({
    code: 'UNKNOWN_NODE',
    message: "there is no node 'c'; there are a, b",
  });
});
