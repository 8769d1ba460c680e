import { setImmediate } from 'node:timers/promises';
import type { Cursor, QueryResult } from '@holdfast/strategy-client';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { numbered, numbers, rowsOf, shareTables, startWorld } from '../support/world.js';

shareTables();

const NONE = { blue: 0, green: 0, none: 0 };

test('4.7 a forgotten cursor does not keep new queries from moving, and is cleared with the garbage', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const cursors = [connection.cursor()];
  await cursors[0]?.execute(numbers(30));
  await cursors[0]?.fetchOne();
  world.announce();
  await rowsOf(connection, 'SELECT 1');
  await eventually(() => expect(connection.manager.getActiveStrategy()).toBe('green'));
  world.drain();
  await rowsOf(connection, 'SELECT 1');
  expect(world.engine.state()).toMatchObject({ phase: 'drain', runningQueries: { blue: 1 } });
  cursors.length = 0;
  await eventually(() => {
    collectGarbage();
    expect(world.engine.state()).toMatchObject({ phase: 'steady', runningQueries: { blue: 0 } });
  });
  await eventually(() => expect(connection.manager.metrics().drains.count).toBe(1));
  expect(connection.manager.metrics()).toMatchObject({ abandoned: 1, pinned: { blue: 0, green: 0 } });
});

test('4.7 whoever waits for rows or an answer has not forgotten the query, though it is held nowhere else', async () => {
  const world = await startWorld();
  const connection = world.connect();
  /** Asks for something, lets go of everything else, and has the garbage collected before the answer comes. */
  const collected = async <T>(rpc: string, ask: () => Promise<T>): Promise<T> => {
    world.engine.setFaults([{ kind: 'delay', rpc, delayMs: 10, times: 1 }]);
    const answer = ask();
    await eventually(() => expect(world.engine.faults()).toEqual([]));
    for (let time = 0; time < 3; time++) {
      collectGarbage();
      await setImmediate();
    }
    world.clock.advance(10);
    return answer;
  };
  const run = async (): Promise<Cursor> => {
    const cursor = connection.cursor();
    await cursor.execute(numbers(20));
    return cursor;
  };
  const query = (): Promise<QueryResult> => connection.query(numbers(20));
  const batch = 'getNextResultBatch';
  expect(await collected(batch, async () => (await query()).fetchAll())).toEqual(numbered(20));
  expect(await collected(batch, async () => (await query()).fetchMany(15))).toEqual(numbered(15));
  expect(await collected(batch, async () => (await run()).fetchAll())).toEqual(numbered(20));
  expect(await collected('explain', async () => (await run()).explain())).toContain('numbers');
  expect(await collected('status', async () => (await run()).status())).toMatchObject({ rowCount: 20n });
});

test('4.7 a query that fails, is left or is read to its end leaves no pin', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await expect(connection.query('SELECT nothing FROM nowhere')).rejects.toMatchObject({
    code: 'QUERY_FAILED',
  });
  for await (const row of await connection.query(numbers(30))) if (row[0] === 6n) break;
  await rowsOf(connection, numbers(30));
  world.engine.setFaults([{ kind: 'reset', rpc: 'executeStatement', times: 1 }]);
  await expect(connection.query(numbers(30))).rejects.toMatchObject({ code: 'LOST_AFTER_SEND' });
  expect(connection.manager.getSharedStrategy().queryStrategyMap).toEqual({});
  await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
});

test('4.8 two clusters in one process do not move each other', async () => {
  const [one, two] = [await startWorld(), await startWorld()];
  const [first, second] = [one.connect(), two.connect()];
  await Promise.all([rowsOf(first, 'SELECT 1'), rowsOf(second, 'SELECT 1')]);
  one.cutOver();
  await rowsOf(first, 'SELECT 1');
  await rowsOf(second, 'SELECT 1');
  expect(first.manager.getActiveStrategy()).toBe('green');
  expect(second.manager.getActiveStrategy()).toBe('blue');
  expect(two.engine.state().mismatches).toEqual(NONE);
});

test('4.8 two clusters behind one router do not move each other', async () => {
  const world = await startWorld();
  const [first, second] = [world.connect({ clusterName: 'One' }), world.connect({ clusterName: 'Two' })];
  await Promise.all([rowsOf(first, 'SELECT 1'), rowsOf(second, 'SELECT 1')]);
  first.manager.setPendingStrategy('green');
  first.manager.setActiveStrategy('green');
  expect(second.manager.getSharedStrategy()).toMatchObject({ activeStrategy: 'blue', pendingStrategy: null });
});

test('4.9 a second connection that is opened in the window costs the first one nothing', async () => {
  const world = await startWorld();
  const first = world.connect();
  const manager = first.manager;
  await using cursor = first.cursor();
  await cursor.execute(numbers(30));
  expect(await cursor.fetchOne()).toEqual([1n]);
  world.announce();
  await rowsOf(first, 'SELECT 1');
  await eventually(() => expect(manager.getActiveStrategy()).toBe('green'));
  const second = world.connect({ manager });
  await rowsOf(second, 'SELECT 1');
  world.drain();
  await rowsOf(second, 'SELECT 1');
  expect(await cursor.fetchAll()).toHaveLength(29);
  await rowsOf(first, 'SELECT 1');
  expect(manager.metrics()).toMatchObject({
    authentications: { blue: 1, green: 2 },
    reauthentications: { blue: 0, green: 0 },
  });
});

test('4.10 clearing the cache under concurrent calls sends none without a header, and loses no pin', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const many = Array.from({ length: 8 }, async (_, at) => {
    for (let time = 0; time < 3; time++) {
      const cursor = connection.cursor();
      const queryId = await cursor.execute(numbers(9 + at));
      connection.manager.clearStrategyCache();
      expect(connection.manager.getQueryStrategy(queryId)).toBe('blue');
      expect(await cursor.fetchAll()).toEqual(numbered(9 + at));
    }
  });
  await Promise.all(many);
  expect(world.engine.state().mismatches.none).toBe(0);
  expect(world.calls('executeStatement').blue).toBe(24);
  await eventually(() => expect(world.engine.state().runningQueries).toEqual({ blue: 0, green: 0 }));
});

test('4.11 a re-authentication closes no channel under other calls', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await rowsOf(connection, 'SELECT 1');
  const many = Array.from({ length: 20 }, async (_, at) => {
    if (at % 5 === 0) world.engine.expireSessions();
    await using cursor = connection.cursor();
    await cursor.execute(numbers(20));
    if (at % 5 === 1) world.engine.expireSessions();
    expect(await cursor.fetchAll()).toEqual(numbered(20));
  });
  await Promise.all(many);
  expect(world.engine.state().connectionsOpened).toBe(1);
  expect(connection.manager.metrics().reauthentications.blue).toBeGreaterThan(0);
});

test('4.12 a query can be cancelled after the switch, by its id, where it runs', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const cursor = connection.cursor();
  const queryId = await cursor.execute(numbers(30));
  world.announce();
  world.drain();
  await rowsOf(connection, 'SELECT 1');
  await connection.cancel(queryId);
  expect(world.calls('cancelQuery')).toEqual({ blue: 1, green: 0 });
  await eventually(() => expect(world.engine.state()).toMatchObject({ phase: 'steady', active: 'green' }));
  await connection.cancel(queryId);
});

test.each(['clear', 'cancel'] as const)(
  '4.12 %s finds the deployment of a query that has ended here',
  async (end) => {
    const world = await startWorld();
    const connection = world.connect();
    const cursor = connection.cursor();
    const queryId = await cursor.execute(numbers(30));
    world.engine.setFaults([{ kind: 'status', code: 3, rpc: 'clearOrCancelQuery', times: 1 }]);
    await expect(cursor.clear()).rejects.toMatchObject({ code: 'QUERY_FAILED' });
    world.announce();
    world.drain();
    await rowsOf(connection, 'SELECT 1');
    expect(world.engine.state().runningQueries.blue).toBe(1);
    await connection[end](queryId);
    expect(world.engine.state().runningQueries.blue).toBe(0);
  },
);
