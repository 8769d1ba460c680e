import { connect, type Row, StrategyManager } from '@holdfast/strategy-client';
import { describe, expect, test } from 'vitest';
import { authority } from '../../../../packages/strategy-client/test/connection/certificates.js';
import { eventually } from '../support/eventually.js';
import { address, numbered, numbers, rowsOf, shareTables, startWorld, type World } from './support/world.js';

shareTables();

const prepares = (world: World): readonly number[] =>
  ['prepareStatement', 'prepareStatementV2', 'executeStatement', 'executeStatementV2'].map(
    (rpc) => world.calls(rpc).blue,
  );

describe('which calls a query makes', () => {
  test('without a catalog those of the first version', async () => {
    const world = await startWorld();
    await rowsOf(world.connect({ database: 'sales' }), 'SELECT id FROM customers;');
    expect(prepares(world)).toEqual([1, 0, 1, 0]);
    expect(world.executions('SELECT id FROM customers')).toBe(1);
  });

  test.each([
    ['of the connection', { catalog: 'iceberg', database: 'lab' }, {}],
    ['of the query', {}, { catalog: 'iceberg', database: 'lab' }],
  ])('with a catalog %s those of the second', async (_, connection, query) => {
    const world = await startWorld();
    const result = await world
      .connect(connection)
      .query('SELECT site FROM sensors ORDER BY id', undefined, query);
    expect(await result.fetchAll()).toEqual([['roof'], ['basement'], ['gate']]);
    expect(prepares(world)).toEqual([0, 1, 0, 1]);
  });

  test('with parameters that the engine puts in those of the second', async () => {
    const world = await startWorld();
    const rows = await rowsOf(world.connect(), 'SELECT id FROM sales.customers WHERE country = ?', ['SE']);
    expect(rows).toEqual([[2n]]);
    expect(prepares(world)).toEqual([0, 1, 0, 1]);
  });

  test('are no more than needed: six for a query, and one batch more than there are', async () => {
    const world = await startWorld();
    const connection = world.connect();
    for (let time = 0; time < 3; time++) await rowsOf(connection, numbers(8));
    await eventually(() => expect(world.calls('clearOrCancelQuery').blue).toBe(3));
    const { calls } = world.engine.state();
    expect(Object.fromEntries(Object.entries(calls).map(([rpc, count]) => [rpc, count.blue]))).toEqual({
      authenticate: 1,
      prepareStatement: 3,
      executeStatement: 3,
      getResultMetadata: 3,
      getNextResultBatch: 9,
      clearOrCancelQuery: 3,
    });
  });
});

const TEXTS = [
  "O'Brien",
  '\\',
  "\\'; DROP TABLE customers; --",
  "''",
  'tab\tnew\nline\rreturn',
  '江口 栄子 🚀 naïve',
  '%(x)s %% %',
  '/* no comment */ -- nor this',
  '',
];

describe('parameters', () => {
  test.each(TEXTS)('by name come through the real SQL as they are: %j', async (text) => {
    const world = await startWorld();
    const connection = world.connect();
    expect(await rowsOf(connection, 'SELECT %(text)s AS t', { text })).toEqual([[text]]);
  });

  test.each(TEXTS)('in order come through the real SQL as they are: %j', async (text) => {
    const world = await startWorld();
    expect(await rowsOf(world.connect(), 'SELECT ? AS t', [text])).toEqual([[text]]);
  });

  test('of each type come through, by name', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const values = { n: null, i: -7, d: 1.5, b: 9_007_199_254_740_993n, t: true, x: Uint8Array.of(0, 255) };
    const [row] = await rowsOf(
      connection,
      'SELECT %(n)s AS n, 5-%(i)s AS i, %(d)s AS d, %(b)s AS b, %(t)s AS t, %(x)s AS x',
      values,
    );
    expect(row).toEqual([null, 12n, 1.5, 9_007_199_254_740_993n, 1n, Uint8Array.of(0, 255)]);
  });

  test('of each type come through, in order', async () => {
    const world = await startWorld();
    const params = [
      null,
      -7,
      1.5,
      9_007_199_254_740_993n,
      Uint8Array.of(0, 255),
      { type: 'DECIMAL128' as const, value: '1.50' },
      new Date('2026-02-12T01:02:03.456Z'),
    ];
    const sql = `SELECT ${params.map((_, at) => `? AS c${at}`).join(', ')}`;
    const [row] = await rowsOf(world.connect(), sql, params);
    expect(row?.slice(0, 5)).toEqual([null, -7n, 1.5, 9_007_199_254_740_993n, Uint8Array.of(0, 255)]);
    expect(row?.slice(5).map(String)).toEqual(['1.50', expect.stringContaining('2026-02-12')]);
  });

  test('that do not fit are refused before anything is sent, by their name', async () => {
    const world = await startWorld();
    const connection = world.connect();
    await expect(connection.query('SELECT %(a)s', { b: 1 })).rejects.toThrow('parameter a is missing');
    await expect(connection.query('SELECT ?', [{}])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(connection.query('  ;')).rejects.toThrow('the statement is empty');
    expect(world.engine.state().connectionsOpened).toBe(0);
  });

  test('that the engine refuses are told', async () => {
    const world = await startWorld();
    await expect(world.connect().query('SELECT ?, ?', [1])).rejects.toMatchObject({
      name: 'QueryFailed',
      message: expect.stringContaining('parameter 2 of 2 is missing'),
    });
  });
});

describe('what changes data', () => {
  test('is done once, and counted', async () => {
    const world = await startWorld();
    const connection = world.connect({ database: 'ops' });
    const count = (): Promise<Row[]> =>
      rowsOf(connection, "SELECT COUNT(*) FROM desired_groups WHERE group_id LIKE 'changed%'");
    await rowsOf(connection, 'INSERT INTO desired_groups VALUES (%(id)s)', { id: 'changed' });
    expect(await count()).toEqual([[1n]]);
    await rowsOf(connection, 'UPDATE desired_groups SET group_id = ? WHERE group_id = ?', [
      'changed 2',
      'changed',
    ]);
    expect(await count()).toEqual([[1n]]);
    await rowsOf(connection, 'DELETE FROM desired_groups WHERE group_id = ?', ['changed 2']);
    expect(await count()).toEqual([[0n]]);
  });
});

describe('the catalog', () => {
  test('has schemas, tables and columns, of the connection or as asked', async () => {
    const world = await startWorld();
    const connection = world.connect({ catalog: 'hive', database: 'sales' });
    expect(await connection.getSchemaNames()).toEqual(['ops', 'sales']);
    expect(await connection.getSchemaNames({ catalog: 'iceberg' })).toEqual(['lab']);
    expect(await connection.getTables()).toEqual(['customers', 'order_items', 'orders', 'products']);
    expect(await connection.getTables({ database: 'ops' })).toContain('desired_groups');
    expect(await connection.getColumns({ table: 'sensors', catalog: 'iceberg', database: 'lab' })).toEqual([
      { fieldName: 'id', fieldType: 'LONG' },
      { fieldName: 'site', fieldType: 'STRING' },
      { fieldName: 'installed', fieldType: 'DATE' },
      { fieldName: 'calibration', fieldType: 'DECIMAL128' },
    ]);
    await expect(connection.getSchemaNames({ catalog: 'nothing' })).rejects.toMatchObject({
      name: 'QueryFailed',
    });
  });

  test('tells what a statement would do', async () => {
    const world = await startWorld();
    const connection = world.connect({ database: 'sales' });
    expect(await connection.dryRun('SELECT id, name FROM customers;')).toBe('reads id LONG, name STRING');
    expect(await connection.dryRun('DELETE FROM customers')).toBe('writes');
    await expect(connection.dryRun('SELEC')).rejects.toMatchObject({ name: 'QueryFailed', rpc: 'dryRun' });
  });
});

describe('TLS', () => {
  const ca = authority('the authority');
  const server = ca.issue('localhost');

  test('with a certificate of its own on each side', async () => {
    const own = ca.issue('a client');
    const world = await startWorld({ tls: { cert: server.cert, key: server.key, clientCa: ca.cert } });
    const tls = { host: 'localhost', secure: true, sslCert: ca.cert };
    const connection = world.connect({ ...tls, sslClientCert: own.cert, sslKey: own.key });
    expect(await rowsOf(connection, numbers(9))).toEqual(numbered(9));
    const stranger = authority('a stranger').issue('a client');
    for (const client of [{}, { sslClientCert: stranger.cert, sslKey: stranger.key }])
      await expect(
        world.connect({ ...tls, ...client, maxRetryAttempts: 2 }).query('SELECT 1'),
      ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('trusts no other authority, and speaks to none in clear text', async () => {
    const world = await startWorld({ tls: server });
    const host = 'localhost';
    for (const options of [{ secure: true, sslCert: authority('another').cert }, { secure: true }, {}])
      await expect(
        world.connect({ host, ...options, maxRetryAttempts: 2 }).query('SELECT 1'),
      ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(world.calls('authenticate').blue).toBe(0);
  });
});

describe('options', () => {
  test('clusterName goes out in lower case', async () => {
    const world = await startWorld({ clusterName: 'Cluster-A' });
    expect(await rowsOf(world.connect({ clusterName: 'CLUSTER-a' }), numbers(1))).toEqual(numbered(1));
    await expect(world.connect({ clusterName: 'other' }).query('SELECT 1')).rejects.toMatchObject({
      name: 'QueryFailed',
      message: expect.stringContaining('cluster other is not served here'),
    });
  });

  test('maxMessageBytes bounds what comes and what goes', async () => {
    const world = await startWorld({ batchRows: 64 });
    const connection = world.connect({ maxMessageBytes: 10_000 });
    const result = await connection.query('SELECT body FROM builtin.generated.texts LIMIT 64');
    await expect(result.fetchAll()).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      message: expect.stringMatching(/getNextResultBatch.*maxMessageBytes/),
    });
    const text = 'x'.repeat(20_000);
    await expect(connection.query('SELECT %(text)s', { text })).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
    });
    expect(world.calls('prepareStatement').blue).toBe(1);
    await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
  });

  test('a batch of several megabytes comes with the defaults', async () => {
    const world = await startWorld({ batchRows: 6_000, batchBytes: 16 * 1024 * 1024, sql: undefined });
    const [row] = await rowsOf(world.connect(), 'SELECT body FROM builtin.generated.texts LIMIT 6000');
    expect(String(row?.[0])).toHaveLength(1_000);
  });

  test('int64 says what a LONG is', async () => {
    const world = await startWorld();
    const small = 'SELECT n FROM builtin.generated.numbers LIMIT 1';
    const large = 'SELECT long_value FROM builtin.types.vectors LIMIT 1';
    expect(await rowsOf(world.connect(), large)).toEqual([[9_223_372_036_854_775_807n]]);
    expect(await rowsOf(world.connect({ int64: 'string' }), large)).toEqual([['9223372036854775807']]);
    const connection = world.connect({ int64: 'number' });
    expect(await rowsOf(connection, small)).toEqual([[1]]);
    await expect(rowsOf(connection, large)).rejects.toMatchObject({ code: 'VALUE_OUT_OF_RANGE' });
  });

  test('a manager of another router or cluster is refused', async () => {
    const world = await startWorld();
    await using manager = new StrategyManager({ target: 'elsewhere:1' });
    expect(() => connect({ ...address(world.engine), manager })).toThrow(
      'give each router and cluster a manager',
    );
  });
});

describe('close', () => {
  test('clears what runs, and leaves nothing open', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const cursor = connection.cursor();
    await cursor.execute(numbers(40));
    await connection.query(numbers(40));
    await connection.close();
    expect(connection.isClosed).toBe(true);
    expect(world.engine.state().runningQueries).toEqual({ blue: 0, green: 0 });
    await eventually(() => expect(world.engine.state().connections).toBe(0));
    await expect(cursor.fetchOne()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('waits for the clearing of a query that has just ended', async () => {
    const world = await startWorld();
    const connection = world.connect();
    await rowsOf(connection, numbers(2));
    await connection.close();
    expect(world.calls('clearOrCancelQuery').blue).toBe(1);
    expect(world.engine.state().runningQueries.blue).toBe(0);
  });

  test('ends calls that are under way, and does not wait for an engine that hangs', async () => {
    const world = await startWorld();
    const connection = world.connect({ controlTimeoutMs: 100 });
    const cursor = connection.cursor();
    await cursor.execute(numbers(40));
    world.engine.setFaults([{ kind: 'hang' }]);
    const waiting = [
      expect(cursor.fetchAll()).rejects.toMatchObject({ code: 'CLOSED' }),
      expect(connection.query('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' }),
      expect(connection.dryRun('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' }),
    ];
    await eventually(() => expect(world.calls('dryRun').blue).toBe(1));
    await connection.close();
    await Promise.all(waiting);
    await eventually(() => expect(world.engine.state().connections).toBe(0));
  });

  test('of one connection leaves the others of its manager as they are', async () => {
    const world = await startWorld();
    const one = world.connect();
    const { manager } = one;
    const other = world.connect({ manager });
    await Promise.all([rowsOf(one, 'SELECT 1'), rowsOf(other, 'SELECT 1')]);
    await one.close();
    world.cutOver();
    expect(await rowsOf(other, numbers(3))).toEqual(numbered(3));
    expect(manager.getActiveStrategy()).toBe('green');
  });

  test('before the first call sends nothing', async () => {
    const world = await startWorld();
    await world.connect().close();
    expect(world.engine.state().connectionsOpened).toBe(0);
  });
});
