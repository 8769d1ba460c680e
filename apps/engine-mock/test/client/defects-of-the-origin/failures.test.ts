import { type Connection, StrategyManager } from '@holdfast/strategy-client';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { numbered, numbers, rowsOf, startWorld, type World } from '../support/world.js';

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
