import { type Connection, StrategyManager } from '@holdfast/strategy-client';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { numbered, numbers, rowsOf, shareTables, startWorld, type World } from '../support/world.js';

shareTables();

test('4.3 a cursor in the middle of its rows goes on while another executes after the switch', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using old = connection.cursor();
  await using next = connection.cursor();
  await old.execute(numbers(30));
  expect(await old.fetchMany(2)).toEqual(numbered(2));
  world.announce();
  world.drain();
  await next.execute(numbers(5));
  expect(next.metadata).toContainEqual(['strategy', 'green']);
  expect(await old.fetchMany(18)).toHaveLength(18);
  expect(await next.fetchAll()).toEqual(numbered(5));
  expect(await old.fetchAll()).toHaveLength(10);
  expect(world.calls('authenticate')).toEqual({ blue: 1, green: 1 });
});

test('4.3 4.19 of the queries of six workers on one connection none is lost or doubled over four switches', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const texts: string[] = [];
  let stops = false;
  const work = async (worker: number): Promise<void> => {
    for (let at = 0; !stops; at++) {
      const sql = `SELECT n FROM builtin.generated.numbers LIMIT ${10 + worker} OFFSET ${at}`;
      texts.push(sql);
      const rows = await rowsOf(connection, sql);
      expect(rows).toHaveLength(10 + worker);
      expect(rows[0]).toEqual([BigInt(at + 1)]);
    }
  };
  const workers = Promise.all([0, 1, 2, 3, 4, 5].map(work));
  try {
    for (const [at, to] of (['green', 'blue', 'green', 'blue'] as const).entries()) {
      await eventually(() => expect(texts.length).toBeGreaterThan(12 * at));
      world.announce();
      await eventually(() => expect(connection.manager.getActiveStrategy()).toBe(to));
      world.drain();
      await eventually(() => expect(world.engine.state()).toMatchObject({ phase: 'steady', active: to }));
    }
  } finally {
    stops = true;
  }
  await workers;
  expect(new Set(texts.map((sql) => world.executions(sql)))).toEqual(new Set([1]));
  expect(connection.manager.metrics()).toMatchObject({ switches: 4, lostAfterSend: 0, deploymentsGone: 0 });
  expect(world.engine.state().mismatches.none).toBe(0);
});

test('4.4 a session that expires in the middle of the rows costs no row', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using cursor = connection.cursor();
  await cursor.execute(numbers(30));
  expect(await cursor.fetchOne()).toEqual([1n]);
  world.engine.expireSessions();
  expect(await cursor.status()).toMatchObject({ status: true, rowCount: 30n });
  expect(await cursor.fetchAll()).toHaveLength(29);
  await cursor.clear();
  expect(connection.manager.metrics().reauthentications).toEqual({ blue: 1, green: 0 });
});

test('4.4 a deployment that ends under a query is told as such, with the rows that came', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using cursor = connection.cursor();
  await cursor.execute(numbers(30));
  expect(await cursor.fetchMany(4)).toEqual(numbered(4));
  // The batch that is fetched ahead comes before this answer.
  await eventually(() => expect(world.calls('getNextResultBatch').blue).toBe(2));
  await cursor.status();
  world.cutOver();
  await expect(cursor.fetchAll()).rejects.toMatchObject({
    name: 'DeploymentGoneError',
    strategy: 'blue',
    rpc: 'getNextResultBatch',
    rowsDelivered: 4,
  });
  await cursor.execute(numbers(3), undefined, { idempotent: true });
  expect(await cursor.fetchAll()).toEqual(numbered(3));
});

test('4.4 a query that may run twice and has delivered nothing starts anew on the other deployment', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using cursor = connection.cursor();
  await cursor.execute(numbers(30), undefined, { idempotent: true });
  world.cutOver();
  expect(await cursor.fetchAll()).toEqual(numbered(30));
  expect(cursor.metadata).toContainEqual(['strategy', 'green']);
});

test.each([
  ['a lost answer', { kind: 'reset', when: 'after', rpc: 'getResultMetadata', times: 1 }],
  [
    'Access denied',
    { kind: 'status', code: 13, message: 'Access denied', rpc: 'getResultMetadata', times: 1 },
  ],
])('4.5 an INSERT whose getResultMetadata meets %s runs once', async (what, fault) => {
  const world = await startWorld();
  const connection = world.connect();
  world.engine.setFaults([fault]);
  const sql = `INSERT INTO ops.desired_groups VALUES ('4.5 ${what}')`;
  await rowsOf(connection, sql);
  expect(world.engine.faults()).toEqual([]);
  expect(world.executions(sql)).toBe(1);
  expect(world.calls('prepareStatement')).toEqual({ blue: 1, green: 0 });
  await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
});

test('4.5 an INSERT whose deployment ends before getResultMetadata runs once, and is told', async () => {
  const world = await startWorld();
  const connection = world.connect();
  world.engine.setFaults([{ kind: 'http', status: 456, rpc: 'getResultMetadata' }]);
  const sql = "INSERT INTO ops.desired_groups VALUES ('4.5 gone')";
  await expect(connection.query(sql)).rejects.toMatchObject({
    name: 'DeploymentGoneError',
    rowsDelivered: 0,
  });
  expect(world.executions(sql)).toBe(1);
});

test.each(['unauthenticated', 'access-denied'] as const)(
  '4.16 bad credentials are told as such, where the engine says %s',
  async (refusal) => {
    const world = await startWorld({ refusal });
    const connection = world.connect({ password: 'wrong' });
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTHENTICATION',
      retryable: false,
      strategy: 'blue',
    });
    expect(world.calls('authenticate')).toEqual({ blue: 1, green: 0 });
  },
);

test('4.16 an engine that cannot be reached is told as such', async () => {
  const world = await startWorld();
  await world.engine.close();
  const connection = world.connect({ maxRetryAttempts: 2 });
  await expect(connection.query('SELECT 1')).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
});

/** Every call that a connection makes, but those of the cluster service. */
const RPCS = [
  'authenticate',
  'prepareStatement',
  'executeStatement',
  'getResultMetadata',
  'getNextResultBatch',
  'clearOrCancelQuery',
  'cancelQuery',
  'clear',
  'status',
  'explain',
  'explainAnalyze',
  'dryRun',
  'getSchemaNamesV2',
  'getTablesV2',
  'getColumnsV2',
];

test('4.18 no call waits for ever: each has a deadline', async () => {
  const world = await startWorld();
  const timeouts = { statementTimeoutMs: 120, controlTimeoutMs: 120, maxRetryAttempts: 20 };
  const one = world.connect(timeouts);
  const cursor = one.cursor();
  const held = await cursor.execute(numbers(3));
  world.engine.setFaults(RPCS.map((rpc) => ({ kind: 'hang', rpc, times: 1 })));
  await Promise.all([
    world
      .connect(timeouts)
      .query(numbers(3), undefined, { idempotent: true })
      .then((rows) => rows.close()),
    cursor.status(),
    cursor.explain(),
    cursor.explainAnalyze(),
    one.dryRun('SELECT 1'),
    one.getSchemaNames(),
    one.getTables(),
    one.getColumns({ table: 'desired_groups' }),
  ]);
  const other = await one.query(numbers(3), undefined, { idempotent: true });
  expect(await other.fetchAll()).toEqual(numbered(3));
  await one.cancel(held);
  await one.clear(held);
  await eventually(() => expect(world.engine.state().faults['hang']).toBe(RPCS.length));
});

/** Queries that start together, of several connections. */
async function herd(world: World, connections: readonly Connection[]): Promise<void> {
  const many = connections.flatMap((connection) =>
    Array.from({ length: 5 }, () => rowsOf(connection, numbers(5))),
  );
  expect(await Promise.all(many)).toEqual(many.map(() => numbered(5)));
  expect(world.engine.state().mismatches.none).toBe(0);
}

test('4.18 a herd authenticates once for each connection and deployment', async () => {
  const world = await startWorld();
  const { target, cluster } = world.connect().manager;
  await using manager = new StrategyManager({ target, cluster });
  const connections = Array.from({ length: 6 }, () => world.connect({ manager }));
  await herd(world, connections);
  expect(world.calls('authenticate')).toEqual({ blue: 6, green: 0 });
  world.announce();
  await herd(world, connections);
  await eventually(() => expect(manager.getActiveStrategy()).toBe('green'));
  await herd(world, connections);
  expect(world.calls('authenticate')).toEqual({ blue: 6, green: 6 });
});
