import { expect, test } from 'vitest';
import { startAdminServer } from '../../src/admin/admin-server.js';
import { silentLogger } from '../../src/logger.js';
import { REFUSED, RecordingTarget } from './recording-target.js';
import { change, send, serve, TOKEN } from './support.js';

const CHANGES = [
  ['POST', '/switch'],
  ['PUT', '/faults'],
  ['POST', '/sessions/expire'],
  ['POST', '/connections/kill'],
  ['POST', '/suspend'],
  ['POST', '/resume'],
] as const;

test('without the token nothing is changed', async () => {
  const target = new RecordingTarget();
  const { url } = await serve(target);
  for (const token of [undefined, '', 'Bearer', TOKEN, `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
    for (const [method, path] of CHANGES) {
      const answer = await send(url, method, path, { token, body: '{}' });
      expect(answer).toMatchObject({ status: 401, body: { status: 401, message: expect.any(String) } });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
    }
  }
  expect(target.asked).toEqual([]);
});

test('what shows the engine is open', async () => {
  const target = new RecordingTarget();
  const { url } = await serve(target);
  expect(await send(url, 'GET', '/healthz')).toMatchObject({
    status: 200,
    body: { status: 'ok', active: 'green' },
  });
  expect((await send(url, 'GET', '/state')).body).toEqual(target.state());
  expect((await send(url, 'GET', '/faults')).body).toEqual({});
  const metrics = await send(url, 'GET', '/metrics');
  expect(metrics.headers['content-type']).toContain('text/plain');
  for (const line of [
    'engine_active{colour="green"} 1',
    'engine_active{colour="blue"} 0',
    'engine_phase{phase="drain"} 1',
    'engine_suspended 0',
    'engine_generation{colour="green"} 2',
    'engine_sessions{colour="blue"} 3',
    'engine_running_queries{colour="green"} 6',
    'engine_calls_total{rpc="authenticate",colour="blue"} 7',
    'engine_mismatches_total{colour="none"} 11',
  ]) {
    expect(metrics.body).toContain(`${line}\n`);
  }
  expect((await send(url, 'GET', '/metrics')).body).toBe(metrics.body);
});

test('each change reaches the engine and is answered with what it led to', async () => {
  const target = new RecordingTarget();
  const { url } = await serve(target);
  const waits = { to: 'blue', announceMs: 10, drainMs: 0 };
  expect(await change(url, 'POST', '/switch', waits)).toMatchObject({ status: 200, body: target.state() });
  expect(await change(url, 'POST', '/switch')).toMatchObject({ status: 200 });
  expect((await change(url, 'PUT', '/faults', { hang: 1 })).body).toEqual({ hang: 1 });
  expect((await change(url, 'POST', '/sessions/expire', { strategy: 'green' })).body).toEqual({ expired: 7 });
  expect((await change(url, 'POST', '/sessions/expire')).body).toEqual({ expired: 7 });
  expect((await change(url, 'POST', '/connections/kill')).body).toEqual({ killed: 2 });
  expect((await change(url, 'POST', '/suspend')).status).toBe(200);
  expect((await change(url, 'POST', '/resume')).status).toBe(200);
  expect(target.asked).toEqual([
    ['switch', waits],
    ['switch', {}],
    ['setFaults', { hang: 1 }],
    ['expireSessions', 'green'],
    ['expireSessions', undefined],
    ['killConnections'],
    ['suspend'],
    ['resume'],
  ]);
});

test('a wrong body changes nothing and says what is wrong', async () => {
  const target = new RecordingTarget();
  const { url } = await serve(target);
  for (const [method, path, body, message] of [
    ['POST', '/switch', '{', 'the body must be JSON'],
    ['POST', '/switch', '[]', 'the body is []; it must be a JSON object'],
    ['POST', '/switch', '{"too": "blue"}', 'too is "blue"; it must be one of to, announceMs, drainMs'],
    ['POST', '/switch', '{"to": "red"}', 'to is "red"; it must be blue or green'],
    ['POST', '/switch', '{"drainMs": -1}', 'drainMs is -1; it must be a number of ms from 0 to 86400000'],
    ['POST', '/switch', '{"announceMs": "5s"}', 'announceMs is "5s"; it must be a number of ms'],
    ['POST', '/sessions/expire', '{"strategy": 1}', 'strategy is 1; it must be blue or green'],
    ['PUT', '/faults', '', 'the body must be JSON'],
  ] as const) {
    const answer = await send(url, method, path, { token: `Bearer ${TOKEN}`, body });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(message) } });
  }
  const large = await send(url, 'PUT', '/faults', { token: `Bearer ${TOKEN}`, body: ' '.repeat(65_537) });
  expect(large).toMatchObject({ status: 413, body: { message: 'the body is larger than 65536 bytes' } });
  expect(target.asked).toEqual([]);
});

test('a refusal is 409, an error of its own 500 without its words, another path 404', async () => {
  const target = new RecordingTarget();
  const { url } = await serve(target);
  target.failure = REFUSED;
  expect(await change(url, 'POST', '/switch')).toMatchObject({
    status: 409,
    body: { message: REFUSED.message },
  });
  target.failure = new Error('secret');
  const failed = await change(url, 'POST', '/suspend');
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed.body)).not.toContain('secret');
  expect(await send(url, 'GET', '/nothing')).toMatchObject({ status: 404, body: { status: 404 } });
  expect((await send(url, 'GET', '/switch')).status).toBe(404);
});

test('a taken port is named with the remedy', async () => {
  const target = new RecordingTarget();
  const { port } = await serve(target);
  await expect(
    startAdminServer({ target, host: '127.0.0.1', port, token: TOKEN, logger: silentLogger }),
  ).rejects.toThrow(
    expect.objectContaining({
      code: 'PORT_IN_USE',
      message: `port ${port} on 127.0.0.1 for the admin is taken by another process; stop it, or choose another port with --admin-port or ENGINE_ADMIN_PORT (0 takes a free one)`,
    }),
  );
});
