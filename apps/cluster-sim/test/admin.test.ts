import { describe, expect, test } from 'vitest';
import { expectLost, messageOf, TestClient } from './support/client.js';
import { ADMIN_TOKEN, startCluster } from './support/cluster.js';

describe('authorization', () => {
  test('without the token nobody is let in, and nothing is changed', async () => {
    const client = new TestClient((await startCluster()).url);
    const wrong = ['Bearer', 'Bearer wrong', ADMIN_TOKEN, `Basic ${ADMIN_TOKEN}`, `Bearer ${ADMIN_TOKEN}x`];
    for (const authorization of [undefined, '', ...wrong]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const [method, path, body] of [
        ['GET', '/admin/faults', ''],
        ['PUT', '/admin/faults', '{"hang": 1}'],
        ['GET', '/admin/log', ''],
        ['POST', '/admin/nodes/node01/stop', ''],
      ] as const) {
        const answer = await client.send(method, path, { headers, ...(body !== '' && { body }) });
        expect({ authorization, path, status: answer.status }).toEqual({ authorization, path, status: 401 });
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        expect(messageOf(answer)).not.toContain(ADMIN_TOKEN);
      }
    }
    expect((await client.create('5')).status).toBe(201);
  });

  test('the token is taken from the options, else from the environment, else made up', async () => {
    expect((await startCluster()).adminToken).toBe(ADMIN_TOKEN);
    const before = process.env['HOLDFAST_ADMIN_TOKEN'];
    try {
      process.env['HOLDFAST_ADMIN_TOKEN'] = 'from-the-environment';
      expect((await startCluster({ adminToken: undefined })).adminToken).toBe('from-the-environment');
      delete process.env['HOLDFAST_ADMIN_TOKEN'];
      const [first, second] = [
        await startCluster({ adminToken: undefined }),
        await startCluster({ adminToken: undefined }),
      ];
      expect(first.adminToken).toMatch(/^[\w-]{32}$/);
      expect(second.adminToken).not.toBe(first.adminToken);
    } finally {
      if (before === undefined) delete process.env['HOLDFAST_ADMIN_TOKEN'];
      else process.env['HOLDFAST_ADMIN_TOKEN'] = before;
    }
  });
});

describe('/admin/faults', () => {
  test('PUT replaces the whole plan', async () => {
    const client = new TestClient((await startCluster({ faults: { hang: 0.5 } })).url);
    const plan = { errorBefore: 1, nodes: { node02: { errorBefore: 0 } } };
    const answer = await client.admin('PUT', 'faults', plan);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual(plan);
    expect(JSON.parse((await client.admin('GET', 'faults')).text)).toEqual(plan);
    expect([408, 500]).toContain((await client.create('5')).status);
    expect((await client.create('5', { node: 'node02' })).status).toBe(201);
  });

  test('what is no JSON is refused', async () => {
    const client = new TestClient((await startCluster()).url);
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    for (const body of ['', 'errorBefore=1']) {
      const answer = await client.send('PUT', '/admin/faults', { headers, body });
      expect(answer.status).toBe(400);
      expect(messageOf(answer)).toContain('fault plan in JSON');
    }
  });
});

describe('/admin/nodes', () => {
  test('stop, start and wipe', async () => {
    const client = new TestClient((await startCluster()).url);
    await client.create('5', { node: 'node02' });
    expect(JSON.parse((await client.admin('POST', 'nodes/node02/stop')).text)).toEqual({
      node: 'node02',
      action: 'stop',
    });
    await expectLost(client.get('5', { node: 'node02' }));
    expect(JSON.parse((await client.send('GET', '/healthz')).text)).toMatchObject({
      nodes: { node01: 'up', node02: 'down', node03: 'up' },
    });
    await client.admin('POST', 'nodes/node02/start');
    expect((await client.get('5', { node: 'node02' })).status).toBe(200);
    await client.admin('POST', 'nodes/node02/wipe');
    expect((await client.get('5', { node: 'node02' })).status).toBe(404);
  });

  test('an unknown node or action is named', async () => {
    const client = new TestClient((await startCluster()).url);
    const node = await client.admin('POST', 'nodes/node09/stop');
    expect(node.status).toBe(404);
    expect(messageOf(node)).toBe("there is no node 'node09'; there are node01, node02, node03");
    const action = await client.admin('POST', 'nodes/node01/break');
    expect(action.status).toBe(404);
    expect(messageOf(action)).toBe("'break' is no action; use stop, start, wipe");
  });
});

describe('/admin/log', () => {
  test('pages through what was applied', async () => {
    const client = new TestClient((await startCluster()).url);
    await client.create('5', { timestamp: 1.5, headers: { 'holdfast-fence': 's:7' } });
    await client.create('5');
    await client.delete('5', { timestamp: 2.5 });
    await client.delete('5');
    await client.get('5');
    const first = JSON.parse((await client.admin('GET', 'log?limit=3')).text);
    expect(first).toMatchObject({ oldest: 1, next: 3 });
    expect(first.entries[0]).toEqual({
      seq: 1,
      at: expect.any(Number),
      node: 'node01',
      verb: 'POST',
      groupId: '5',
      timestamp: 1.5,
      fence: 's:7',
      applied: 'created',
      status: 201,
      fault: null,
      late: false,
    });
    expect(first.entries.slice(1)).toMatchObject([
      { applied: 'none', status: 400, timestamp: null, fence: null },
      { verb: 'DELETE', applied: 'none', status: 404, timestamp: 2.5 },
    ]);
    const second = JSON.parse((await client.admin('GET', 'log?after=3')).text);
    expect(second.entries).toMatchObject([{ seq: 4, applied: 'deleted', status: 200 }]);
    expect(JSON.parse((await client.admin('GET', 'log?after=4')).text)).toEqual({
      entries: [],
      oldest: 1,
      next: 4,
    });
  });

  test('bad questions are refused', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const query of ['after=x', 'after=-1', 'limit=0', 'limit=10001']) {
      expect((await client.admin('GET', `log?${query}`)).status).toBe(400);
    }
  });
});
