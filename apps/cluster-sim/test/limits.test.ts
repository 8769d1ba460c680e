import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { messageOf, TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';

describe('ids', () => {
  test('up to the limit in bytes of UTF-8 they are taken, and found again', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const id of [
      'a'.repeat(1_024),
      'ü'.repeat(512),
      '',
      ' ',
      '.',
      'a\u0000b',
      '\u0001',
      "o'clock",
      '%2F',
      '?#',
    ]) {
      expect((await client.create(id)).status).toBe(201);
    }
    expect((await client.get('a'.repeat(1_024))).status).toBe(200);
    expect((await client.get('ü'.repeat(512))).status).toBe(200);
    for (const id of ['a\u0000b', '\u0001', "o'clock", '%2F', '?#'])
      expect((await client.get(id)).status).toBe(200);
    expect((await client.get('a')).status).toBe(404);
  });

  test('above it they are refused by POST, DELETE and GET', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const id of ['a'.repeat(1_025), 'ü'.repeat(513)]) {
      for (const answer of [await client.create(id), await client.delete(id), await client.get(id)]) {
        expect(answer.status).toBe(400);
        expect(messageOf(answer)).toBe('groupId is longer than 1024 bytes of UTF-8');
      }
    }
    expect(JSON.parse((await client.send('GET', '/stats')).text)).toEqual([
      true,
      { node01: 0, node02: 0, node03: 0 },
    ]);
  });

  test('the limit is an option', async () => {
    const client = new TestClient((await startCluster({ maxIdBytes: 4 })).url);
    expect((await client.create('1234')).status).toBe(201);
    expect((await client.create('12345')).status).toBe(400);
  });

  test('what is no id is refused, and says why', async () => {
    const client = new TestClient((await startCluster()).url);
    const wrong: readonly (readonly [string | Buffer, string])[] = [
      ['{"groupId": null}', 'groupId must be a string or a number'],
      ['{"groupId": true}', 'groupId must be a string or a number'],
      ['{"groupId": ["5"]}', 'groupId must be a string or a number'],
      ['{"groupId": {}}', 'groupId must be a string or a number'],
      ['{"groupId": 9007199254740993}', 'groupId is too large for a number'],
      ['{"groupId": 1e999}', 'groupId is too large for a number'],
      ['{"groupId": "\\ud800"}', 'groupId holds a lone surrogate'],
      ['"groupId"', 'the body must be a JSON object'],
      ['false', 'the body must be a JSON object'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'could not understand'],
    ];
    for (const [body, message] of wrong) {
      for (const method of ['POST', 'DELETE'] as const) {
        const answer = await client.send(method, '/group', { node: 'node01', body });
        expect({ body, status: answer.status }).toEqual({ body, status: 400 });
        expect(messageOf(answer)).toContain(message);
      }
    }
  });

  test('an inherited name is no groupId', async () => {
    const client = new TestClient((await startCluster()).url);
    const answer = await client.send('POST', '/group', {
      node: 'node01',
      body: '{"__proto__": {"groupId": "5"}}',
    });
    expect(answer.status).toBe(406);
  });

  test('numbers become the text that the origin stores', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const [body, id] of [
      ['{"groupId": 7}', '7'],
      ['{"groupId": -7}', '-7'],
      ['{"groupId": 1.5}', '1.5'],
      ['{"groupId": 0.00001}', '1e-05'],
    ] as const) {
      expect((await client.send('POST', '/group', { node: 'node01', body })).status).toBe(201);
      expect((await client.get(id)).status).toBe(200);
    }
    expect((await client.create('7')).status).toBe(400);
  });
});

describe('bodies', () => {
  test('above the limit they get 413 with the limit', async () => {
    const client = new TestClient((await startCluster({ maxBodyBytes: 100 })).url);
    expect((await client.create('a'.repeat(50))).status).toBe(201);
    const answer = await client.create('a'.repeat(100));
    expect(answer.status).toBe(413);
    expect(messageOf(answer)).toBe('the body is larger than 100 bytes');
  });

  test('they are read as JSON whatever the content type', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const type of [
      'text/plain',
      'application/json',
      'application/xml; charset=x',
      'nonsense',
      ';;',
      'multipart/x',
    ]) {
      const answer = await client.create(type, { headers: { 'content-type': type } });
      expect({ type, status: answer.status }).toEqual({ type, status: 201 });
    }
  });
});

/** Sends bytes as they are and gives what comes back until the connection ends. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test('what is no HTTP is answered in the same shape', async () => {
  const { url } = await startCluster();
  const answer = await raw(url, 'nonsense\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(answer).toContain('holdfast-extensions: timestamp, tombstone, fence, list\r\n');
  expect(answer).toMatch(/\r\n\r\n\{"message": "the request is not valid HTTP\/1.1", "status": 400\}$/);
  const large = await raw(url, `GET /ping HTTP/1.1\r\nhost: x\r\nlong: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1.1 431 .*"the request headers are larger than 16 KiB"/s);
});

test('a path that cannot be decoded is refused', async () => {
  const client = new TestClient((await startCluster()).url);
  for (const path of ['/group/%zz', '/group/%ff']) {
    const answer = await client.send('GET', path, { node: 'node01' });
    expect(answer.status).toBe(400);
    messageOf(answer);
  }
});

test('unknown methods and paths are answered as by the origin', async () => {
  const client = new TestClient((await startCluster()).url);
  for (const [method, path] of [
    ['PATCH', '/group'],
    ['POST', '/v1/group/5'],
    ['DELETE', '/stats'],
    ['POST', '/ping'],
  ] as const) {
    const answer = await client.send(method, path, { body: '{}' });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toMatch(/^(GET|POST, DELETE)$/);
  }
  for (const path of ['/', '/v1', '/v2/group', '/group/', '/stats/', '/admin', '/group/a%2Fb']) {
    expect((await client.send('GET', path)).status).toBe(404);
  }
});
