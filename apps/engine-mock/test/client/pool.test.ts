import { type ConnectPoolOptions, connectPool, inProcessStore } from '@holdfast/strategy-client';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { ClientClock } from './support/client-clock.js';
import { address, numbered, numbers, rowsOf, shareTables, startWorld, type World } from './support/world.js';

shareTables();

type Pool = ReturnType<typeof connectPool>;

function poolOf(world: World, o: Partial<ConnectPoolOptions> = {}): Pool {
  const pool = connectPool({
    ...address(world.engine),
    store: inProcessStore(),
    retryBaseMs: 4,
    retryMaxMs: 40,
    ...o,
  });
  onTestFinished(() => pool.close());
  return pool;
}

test('opens as many connections as it must have, and at most as many as it may', async () => {
  const world = await startWorld();
  const pool = poolOf(world, { pool: { minSize: 2, maxSize: 3, maxOverflow: 1 } });
  await eventually(() => expect(world.engine.state().connections).toBe(2));
  const many = Array.from({ length: 20 }, () => pool.use((connection) => rowsOf(connection, numbers(9))));
  expect(await Promise.all(many)).toEqual(many.map(() => numbered(9)));
  expect(world.engine.state().connectionsOpened).toBeLessThanOrEqual(4);
  expect(pool.stats()).toMatchObject({ leased: 0, waiting: 0 });
  expect(pool.stats().idle).toBeLessThanOrEqual(3);
  await pool.close();
  await eventually(() => expect(world.engine.state().connections).toBe(0));
});

test('follows a switch under load: nothing fails, nothing runs twice, one session per connection and deployment', async () => {
  const world = await startWorld();
  const pool = poolOf(world, { pool: { minSize: 4, maxSize: 4, maxOverflow: 0 } });
  const texts: string[] = [];
  let stops = false;
  const work = async (worker: number): Promise<void> => {
    for (let at = 0; !stops; at++) {
      const sql = `${numbers(9)} OFFSET ${at * 8 + worker}`;
      texts.push(sql);
      expect(await pool.use((connection) => rowsOf(connection, sql))).toHaveLength(9);
    }
  };
  const workers = Promise.all(Array.from({ length: 8 }, (_, worker) => work(worker)));
  try {
    for (const to of ['green', 'blue'] as const) {
      const before = world.calls('executeStatement')[to];
      world.announce();
      await eventually(() => expect(world.calls('executeStatement')[to]).toBeGreaterThan(before + 8));
      world.drain();
      await eventually(() => expect(world.engine.state()).toMatchObject({ phase: 'steady', active: to }));
    }
  } finally {
    stops = true;
  }
  await workers;
  expect(new Set(texts.map((sql) => world.executions(sql)))).toEqual(new Set([1]));
  const { authentications } = world.engine.state();
  expect(authentications.green).toBeLessThanOrEqual(4);
  expect(authentications.blue).toBeLessThanOrEqual(8);
});

test('replaces a connection that has become too old', async () => {
  const world = await startWorld();
  const clock = new ClientClock();
  const pool = poolOf(world, { clock, pool: { minSize: 1, maxSize: 1, maxOverflow: 0, recycleMs: 60_000 } });
  await pool.use((connection) => connection.ping());
  await pool.use((connection) => connection.ping());
  expect(world.engine.state().connectionsOpened).toBe(1);
  clock.advance(60_001);
  await pool.use((connection) => connection.ping());
  await eventually(() => expect(pool.stats()).toMatchObject({ recycled: 1, size: 1 }));
  expect(world.engine.state().connectionsOpened).toBe(2);
});

test('pings what has been idle, and replaces what does not answer', async () => {
  const world = await startWorld();
  const clock = new ClientClock();
  const pool = poolOf(world, {
    clock,
    maxRetryAttempts: 1,
    pool: { minSize: 1, maxSize: 1, maxOverflow: 0, pingIdleMs: 10_000 },
  });
  await pool.use((connection) => rowsOf(connection, 'SELECT 1'));
  expect(world.calls('getSchemaNamesV2').blue).toBe(0);
  clock.advance(10_000);
  await pool.use((connection) => rowsOf(connection, 'SELECT 1'));
  expect(world.calls('getSchemaNamesV2').blue).toBe(1);
  world.engine.setFaults([{ kind: 'reset', rpc: 'getSchemaNamesV2', times: 1 }]);
  clock.advance(10_000);
  expect(await pool.use((connection) => rowsOf(connection, numbers(3)))).toEqual(numbered(3));
  await eventually(() => expect(pool.stats()).toMatchObject({ broken: 1, opened: 2 }));
});

test('survives that all its connections are cut while nobody uses them', async () => {
  const world = await startWorld();
  const pool = poolOf(world, { pool: { minSize: 2, maxSize: 2, maxOverflow: 0, pingIdleMs: 0 } });
  await eventually(() => expect(pool.stats().idle).toBe(2));
  world.engine.killConnections();
  const many = Array.from({ length: 4 }, () => pool.use((connection) => rowsOf(connection, numbers(3))));
  expect(await Promise.all(many)).toEqual(many.map(() => numbered(3)));
});

test('tells whoever waits why there is no connection', async () => {
  const world = await startWorld();
  const wrong = poolOf(world, { password: 'wrong', pool: { minSize: 0 } });
  await expect(wrong.acquire()).rejects.toMatchObject({ name: 'AuthenticationError' });
  const clock = new ClientClock();
  const full = poolOf(world, { clock, pool: { minSize: 0, maxSize: 1, maxOverflow: 0 } });
  await using lease = await full.acquire();
  const waiting = expect(full.acquire({ timeoutMs: 50 })).rejects.toMatchObject({
    code: 'POOL_TIMEOUT',
    message: expect.stringContaining('1 of 1 connections exist'),
  });
  clock.advance(50);
  await waiting;
  expect(await rowsOf(lease.connection, numbers(1))).toEqual(numbered(1));
});
