import { connectPool } from '@holdfast/strategy-client';
import { expect, test } from 'vitest';
import { address, numbered, numbers, rowsOf, shareTables, startWorld } from '../support/world.js';

shareTables();

test('4.20 fetchMany() without a number takes arraySize', async () => {
  const world = await startWorld();
  await using cursor = world.connect().cursor();
  cursor.arraySize = 6;
  await cursor.execute(numbers(9));
  expect(await cursor.fetchMany()).toEqual(numbered(6));
  expect(await cursor.fetchMany()).toHaveLength(3);
  expect(await cursor.fetchMany()).toEqual([]);
});

test('4.20 fetchOne gives a row, and null at the end', async () => {
  const world = await startWorld();
  await using cursor = world.connect().cursor();
  await cursor.execute(numbers(2));
  expect([await cursor.fetchOne(), await cursor.fetchOne(), await cursor.fetchOne()]).toEqual([
    [1n],
    [2n],
    null,
  ]);
});

test('4.20 lists, dates and moments can be parameters', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const list = await rowsOf(
    connection,
    'SELECT group_id FROM ops.desired_groups WHERE group_id IN %(ids)s ORDER BY group_id',
    { ids: ['billing', 'fraud-detection', 'nobody'] },
  );
  expect(list).toEqual([['billing'], ['fraud-detection']]);
  const when = new Date('2026-02-12T01:02:03.456Z');
  expect(await rowsOf(connection, 'SELECT %(when)s', { when })).toEqual([['2026-02-12T01:02:03.456Z']]);
});

test('4.20 a % in the statement is no placeholder', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const sql = "SELECT name FROM sales.customers WHERE name LIKE 'Am%' AND 7 % 4 = 3";
  expect(await rowsOf(connection, sql)).toEqual([['Amara Okafor']]);
  expect(await rowsOf(connection, sql, {})).toEqual([['Amara Okafor']]);
  expect(await rowsOf(connection, `${sql} AND id = %(id)s`, { id: 1 })).toEqual([['Amara Okafor']]);
});

test('4.20 NaN and the infinities are refused before anything is sent', async () => {
  const world = await startWorld();
  const connection = world.connect();
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    await expect(connection.query('SELECT %(value)s', { value })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  }
  expect(world.engine.state().connectionsOpened).toBe(0);
});

test.each(['backslash', 'standard'] as const)(
  '4.20 quotes and backslashes come back as they were, escaped in the %s way',
  async (escapes) => {
    const world = await startWorld();
    const connection = world.connect({ escapes });
    const text = escapes === 'backslash' ? `'; DROP TABLE x; -- \\' \\\\ \n\t"` : `'; DROP TABLE x; -- "`;
    expect(await rowsOf(connection, 'SELECT %(text)s', { text })).toEqual([[text]]);
  },
);

test('4.20 fetchAll is not slower for the number of batches', async () => {
  const world = await startWorld({ batchRows: 1_000 });
  const rows = await rowsOf(world.connect(), numbers(50_000));
  expect(rows).toHaveLength(50_000);
  expect(rows.at(-1)).toEqual([50_000n]);
});

test('4.20 before the first execute there are no columns and no count, and asking for rows says what to do', async () => {
  const world = await startWorld();
  await using cursor = world.connect().cursor();
  expect(cursor).toMatchObject({ columns: [], rowCount: null, queryId: '' });
  await expect(cursor.fetchOne()).rejects.toThrow('there is no query to fetch from; execute one first');
});

test('4.20 use after close is told as such', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const cursor = connection.cursor();
  await cursor.close();
  await cursor.close();
  for (const use of [cursor.fetchOne(), cursor.fetchAll(), cursor.execute('SELECT 1'), cursor.status()])
    await expect(use).rejects.toMatchObject({ code: 'CLOSED' });
  await connection.close();
  await connection.close();
  expect(() => connection.cursor()).toThrow('the connection is closed');
  for (const use of [connection.query('SELECT 1'), connection.ping(), connection.session()])
    await expect(use).rejects.toMatchObject({ code: 'CLOSED' });
});

test('4.20 connections beyond the size of the pool leave its count when they close', async () => {
  const world = await startWorld();
  await using pool = connectPool({
    ...address(world.engine),
    pool: { minSize: 0, maxSize: 1, maxOverflow: 1, acquireTimeoutMs: 5_000 },
  });
  for (let time = 0; time < 3; time++) {
    const leases = await Promise.all([pool.acquire(), pool.acquire()]);
    await Promise.all(leases.map((lease) => rowsOf(lease.connection, 'SELECT 1')));
    await Promise.all(leases.map((lease) => lease.release()));
  }
  expect(pool.stats().size).toBeLessThanOrEqual(2);
  expect(pool.stats()).toMatchObject({ leased: 0, timeouts: 0 });
});

test('4.20 the health check of one connection keeps nobody else waiting', async () => {
  const world = await startWorld();
  await using pool = connectPool({
    ...address(world.engine),
    pool: { minSize: 1, maxSize: 2, pingIdleMs: 0 },
  });
  await pool.use((connection) => connection.ping());
  world.engine.setFaults([{ kind: 'hang', rpc: 'getSchemaNamesV2', times: 1 }]);
  const slow = pool.acquire();
  const quick = await pool.acquire();
  expect(await rowsOf(quick.connection, 'SELECT 1')).toHaveLength(1);
  world.engine.killConnections();
  await (await slow).release();
  await quick.release();
});

test('4.20 one connection has any number of cursors at a time', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const cursors = Array.from({ length: 10 }, () => connection.cursor());
  await Promise.all(cursors.map((cursor, at) => cursor.execute(numbers(10 + at))));
  const rows = await Promise.all(cursors.map((cursor) => cursor.fetchAll()));
  expect(rows.map(({ length }) => length)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});
