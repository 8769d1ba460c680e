import { describe, expect, test } from 'vitest';
import golden from './golden/cluster-replies.json' with { type: 'json' };
import { messageOf, TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';

type Method = 'GET' | 'POST' | 'DELETE' | 'PUT';

/** Where the origin crashes with 500, and what is said instead. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'create, JSON number body': 'the body must be a JSON object such as {"groupId": "5"}',
  'create, JSON list body': 'the body must be a JSON object such as {"groupId": "5"}',
  'create, timestamp no number': 'header timestamp must be a finite decimal number greater than 0',
};

describe.each(['', '/v1'])('below the prefix "%s"', (prefix) => {
  test('every recorded exchange of the origin is answered byte by byte', async () => {
    const cluster = await startCluster({ extensions: 'off' });
    const client = new TestClient(cluster.url);
    const excepted: string[] = [];
    for (const { name, request, response } of golden.exchanges) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
      );
      const ask = request.body === undefined ? { headers } : { headers, body: request.body };
      const answer = await client.send(request.method as Method, `${prefix}${request.path}`, ask);
      const exception = EXCEPTIONS[name];
      if (exception === undefined) {
        const got = { status: answer.status, contentType: answer.headers['content-type'], body: answer.text };
        expect({ name, ...got }).toEqual({ name, ...response });
      } else {
        expect(response.status).toBe(500);
        expect(answer.status).toBe(400);
        expect(messageOf(answer)).toBe(exception);
        excepted.push(name);
      }
      expect(answer.headers).not.toHaveProperty('holdfast-extensions');
      expect(answer.headers).not.toHaveProperty('timestamp');
    }
    expect(excepted).toEqual(Object.keys(EXCEPTIONS));
  });
});

test('a ping may end in a slash', async () => {
  const client = new TestClient((await startCluster()).url);
  for (const path of ['/ping', '/ping/', '/v1/ping', '/v1/ping/']) {
    expect(await client.send('GET', path)).toMatchObject({ status: 200, text: 'PONG\n' });
  }
});

const NO_TOKENS = [
  '0',
  '-1',
  'nan',
  'NaN',
  'inf',
  '-inf',
  'Infinity',
  '1e999',
  '',
  '1e-999',
  '0x10',
  '1_0',
  '5, 6',
  'x',
];

test('a timestamp that is no token is refused, where the origin deletes unconditionally or crashes', async () => {
  const cluster = await startCluster({ extensions: 'off' });
  const client = new TestClient(cluster.url);
  await client.create('5');
  for (const timestamp of NO_TOKENS) {
    for (const answer of [await client.delete('5', { timestamp }), await client.create('6', { timestamp })]) {
      expect({ timestamp, status: answer.status }).toEqual({ timestamp, status: 400 });
      expect(messageOf(answer)).toBe('header timestamp must be a finite decimal number greater than 0');
    }
  }
  expect((await client.get('5')).status).toBe(200);
  expect((await client.get('6')).status).toBe(404);
});

test('the checks come in the order timestamp, node, body', async () => {
  const client = new TestClient((await startCluster()).url);
  const all = await client.send('POST', '/group', { timestamp: 'x', node: 'y', body: 'z' });
  expect(messageOf(all)).toContain('timestamp');
  const node = await client.send('POST', '/group', { node: 'y', body: 'z' });
  expect(node.status).toBe(406);
  expect((await client.send('POST', '/group', { node: 'node01', body: 'z' })).status).toBe(400);
});

test('messages are ASCII as the origin writes them, ids keep their characters', async () => {
  const client = new TestClient((await startCluster()).url);
  const absent = await client.get('grü ß');
  expect(absent.text).toBe(
    '{"message": "No group record found with id \'gr\\u00fc \\u00df\'", "status": 404}',
  );
  await client.create('grü ß 🙂');
  expect((await client.get('grü ß 🙂')).text).toBe('{"groupId":"gr\\u00fc \\u00df \\ud83d\\ude42"}\n');
});

test('an id with a slash is stored but no GET finds it, as at the origin', async () => {
  const client = new TestClient((await startCluster()).url);
  expect((await client.create('a/b')).status).toBe(201);
  const answer = await client.get('a/b');
  expect(answer.status).toBe(404);
  expect(messageOf(answer)).toContain('The requested URL was not found');
});
