import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEngineMock } from '../src/index.js';
import { outcome, TestClient } from './support/client.js';
import { startBench } from './support/engine.js';
import { eventually } from './support/eventually.js';
import { tinySql } from './support/tiny-sql.js';

const LOST = /^UNAVAILABLE /;

describe('killed connections', () => {
  test.each([
    ['drop', []],
    ['finish', ['rows 1']],
  ] as const)('%s: what waits to be carried out ends as %j', async (inFlight, executed) => {
    const { engine, blue, sql, clock } = await startBench();
    await blue.authenticate();
    const { queryId } = await blue.prepare('rows 1');
    engine.setFaults([{ kind: 'delay', rpc: 'executeStatement', delayMs: 50, times: 1 }]);
    const answer = outcome(blue.execute(queryId));
    await eventually(() => expect(clock.pending).toEqual([50]));
    expect(engine.killConnections({ inFlight })).toBe(1);
    expect(await answer).toMatch(LOST);
    await eventually(() => expect(engine.state().connections).toBe(0));
    await eventually(() => expect(clock.pending).toHaveLength(executed.length));
    clock.advance(50);
    await eventually(() => expect(sql.executed).toEqual(executed));
    // The next call makes a connection of its own, and sessions and queries are still there.
    expect(await outcome(blue.execute(queryId))).toBe('OK');
    expect(engine.state()).toMatchObject({ connections: 1, connectionsOpened: 2 });
  });

  test('all of them, and one by a fault takes its other calls along', async () => {
    const { engine, blue, green, clock } = await startBench();
    engine.switch();
    await blue.authenticate();
    await green.authenticate();
    expect(engine.state().connections).toBe(2);
    engine.setFaults([
      { kind: 'hang', rpc: 'getSchemaNamesV2' },
      { kind: 'kill', rpc: 'getTablesV2', when: 'after' },
    ]);
    const { sessionId } = blue;
    const hanging = outcome(blue.call('getSchemaNamesV2', { sessionId, catalog: '' }));
    await eventually(() => expect(clock.pending).toContain(600_000));
    expect(await outcome(blue.call('getTablesV2', { sessionId, catalog: '', schema: '' }))).toMatch(LOST);
    expect(await hanging).toMatch(LOST);
    await eventually(() => expect(engine.state().connections).toBe(1));
    expect(engine.killConnections()).toBe(1);
    await eventually(() => expect(engine.state().connections).toBe(0));
  });

  test('many calls at once: each is answered or lost', async () => {
    const { engine, blue } = await startBench();
    const { sessionId } = await blue.authenticate();
    const calls = Array.from({ length: 200 }, () =>
      outcome(blue.call('getSchemaNamesV2', { sessionId, catalog: '' })),
    );
    await Promise.race(calls);
    engine.killConnections();
    for (const text of await Promise.all(calls)) expect(text).toMatch(/^(OK$|UNAVAILABLE )/);
    // The client may still send on the connection whose end it has not been told.
    await eventually(async () => expect(await outcome(blue.authenticate())).toBe('OK'));
  });
});

describe('closing', () => {
  test('lets running calls end, and takes no new one', async () => {
    const { engine, blue, sql, clock } = await startBench({ closeTimeoutMs: 60_000 });
    await blue.authenticate();
    const query = await blue.run('rows 1');
    engine.setFaults([{ kind: 'delay', when: 'after', delayMs: 50 }]);
    const answer = blue.next(query);
    await eventually(() => expect(clock.pending).toEqual([50]));
    const closed = engine.close();
    clock.advance(50);
    expect(await answer).toBe('1');
    await closed;
    expect(sql).toMatchObject({ isClosed: true, openResults: 0 });
    expect(await outcome(blue.authenticate())).toMatch(LOST);
    expect(() => engine.switch()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    expect(() => engine.suspend()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    await engine.close();
  });

  test('cuts off what does not end, and leaves nothing waiting', async () => {
    const { engine, blue, clock } = await startBench({
      closeTimeoutMs: 0,
      switchEveryMs: 1_000,
      faults: [{ kind: 'hang' }],
    });
    engine.switch();
    const answer = outcome(blue.authenticate());
    await eventually(() => expect(clock.pending).toContain(600_000));
    await engine.close();
    expect(await answer).not.toBe('OK');
    expect(clock.pending).toEqual([]);
  });

  test('leaves no port open, however often it is done', async () => {
    // A closed listener is counted until the event loop has come round, hence `eventually`.
    const listeners = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    const noneLeft = () => eventually(() => expect(listeners()).toBe(0));
    await noneLeft();
    for (let round = 0; round < 3; round += 1) {
      const { engine, blue } = await startBench();
      await blue.authenticate();
      expect(listeners()).toBe(3);
      await engine.close();
      await noneLeft();
    }
  });

  test('and the port is free again', async () => {
    const { engine } = await startBench();
    const { port } = engine;
    await engine.close();
    const again = await startEngineMock({ port, adminPort: false, sql: tinySql() });
    expect(again.port).toBe(port);
    await again[Symbol.asyncDispose]();
  });
});

describe('a port that is taken', () => {
  /** A port on which something else listens. */
  async function takenPort(): Promise<number> {
    const server = createServer();
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  test('is named with a remedy, and nothing stays open', async () => {
    const port = await takenPort();
    const sql = tinySql();
    await expect(startEngineMock({ port, adminPort: false, sql })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${port} on 127.0.0.1 for gRPC is taken by another process; stop it, or choose another port with --port or ENGINE_PORT (0 takes a free one)`,
      retryable: true,
    });
    expect(sql.isClosed).toBe(true);
  });

  test('also that of the admin server', async () => {
    const adminPort = await takenPort();
    const sql = tinySql();
    await expect(startEngineMock({ port: 0, adminPort, sql })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port ${adminPort} on 127.0.0.1 for the admin`),
    });
    expect(sql.isClosed).toBe(true);
  });
});

test('an address that is not one of this host', async () => {
  const start = startEngineMock({ port: 0, host: '192.0.2.1', adminPort: false, sql: tinySql() });
  await expect(start).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: expect.stringContaining('192.0.2.1'),
  });
});

test('over TLS, with a certificate of the client where it is asked for', async () => {
  const pem = certificates();
  const { engine } = await startBench({ tls: { cert: pem.server, key: pem.serverKey, clientCa: pem.ca } });
  // By name: a certificate check by address makes Node warn.
  const address = `localhost:${engine.port}`;
  const known = credentials.createSsl(pem.ca, pem.clientKey, pem.client);
  expect(await outcome(new TestClient(address, 'blue', known).authenticate())).toBe('OK');
  expect(await outcome(new TestClient(address, 'green', known).authenticate())).toBe(
    'UNKNOWN Received HTTP status code 456',
  );
  for (const channel of [credentials.createSsl(pem.ca), credentials.createInsecure()]) {
    expect(await outcome(new TestClient(address, 'blue', channel).authenticate())).toMatch(LOST);
  }
  expect(engine.killConnections()).toBeGreaterThan(0);
});

/** An authority, and certificates that it has signed for a server on the loopback and for a client. */
function certificates(): Record<'ca' | 'server' | 'serverKey' | 'client' | 'clientKey', Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-mock-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
  for (const name of ['server', 'client']) {
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=DNS:localhost'];
    openssl(
      'req',
      '-x509',
      ...key,
      ...signed,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      '/CN=x',
    );
  }
  const read = (file: string): Buffer => readFileSync(join(folder, file));
  return {
    ca: read('ca.pem'),
    server: read('server.pem'),
    serverKey: read('server.key'),
    client: read('client.pem'),
    clientKey: read('client.key'),
  };
}
