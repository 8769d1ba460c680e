import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EngineMock, startEngineMock } from '../../src/engine-mock.js';
import type { EngineMockOptions } from '../../src/options.js';
import { change, send, TOKEN } from './support.js';

/** An engine and the URL of its admin. */
async function start(options: EngineMockOptions = {}): Promise<{ engine: EngineMock; url: string }> {
  const engine = await startEngineMock({ port: 0, adminPort: 0, adminToken: TOKEN, ...options });
  onTestFinished(() => engine.close());
  return { engine, url: engine.adminUrl ?? '' };
}

test('a switch goes through its phases, back on request, and is refused where it makes no sense', async () => {
  const { url } = await start();
  expect((await send(url, 'GET', '/state')).body).toMatchObject({
    active: 'blue',
    phase: 'steady',
    suspended: false,
    generation: { blue: 1, green: 1 },
    sessions: { blue: 0, green: 0 },
    runningQueries: { blue: 0, green: 0 },
    calls: {},
    mismatches: { blue: 0, green: 0, none: 0 },
    executions: {},
  });
  expect(await change(url, 'POST', '/switch', { to: 'blue' })).toMatchObject({
    status: 409,
    body: { message: 'blue is active already; switch to green', status: 409 },
  });
  const announced = await change(url, 'POST', '/switch', { to: 'green', announceMs: 60_000 });
  expect(announced.body).toMatchObject({ active: 'blue', phase: 'announced', next: 'green' });
  const back = await change(url, 'POST', '/switch', { announceMs: 0 });
  expect(back.body).toMatchObject({ active: 'blue', phase: 'steady', generation: { blue: 1, green: 2 } });
  expect(await change(url, 'POST', '/switch', { announceMs: 1.5 })).toMatchObject({ status: 400 });
  const metrics = await send(url, 'GET', '/metrics');
  expect(metrics.body).toContain('engine_generation{colour="green"} 2\n');
});

test('faults, sessions, connections and suspension', async () => {
  const { engine, url } = await start({ resumeDelayMs: 0 });
  const rules = [{ kind: 'delay', delayMs: 5, rpc: 'explain' }];
  expect((await change(url, 'PUT', '/faults', rules)).body).toEqual(rules);
  expect(await change(url, 'PUT', '/faults', [{ kind: 'delay' }])).toMatchObject({ status: 400 });
  expect((await send(url, 'GET', '/faults')).body).toEqual(rules);
  expect((await change(url, 'POST', '/sessions/expire')).body).toEqual({ expired: 0 });
  const socket = connect(engine.port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const lost = once(socket, 'error');
  await vi.waitFor(() => expect(engine.state().connections).toBe(1));
  expect((await change(url, 'POST', '/connections/kill')).body).toEqual({ killed: 1 });
  expect((await lost)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect((await change(url, 'POST', '/suspend')).body).toMatchObject({ suspended: true });
  expect((await send(url, 'GET', '/healthz')).body).toMatchObject({ suspended: true });
  await change(url, 'POST', '/resume');
  await vi.waitFor(async () => {
    expect((await send(url, 'GET', '/state')).body).toMatchObject({ suspended: false, cluster: 'active' });
  });
});

test('a closed engine has no admin any more', async () => {
  const { engine, url } = await start();
  await engine.close();
  await expect(send(url, 'GET', '/healthz')).rejects.toThrow();
});
