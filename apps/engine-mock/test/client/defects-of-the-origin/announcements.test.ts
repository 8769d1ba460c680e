import { type Connection, inProcessStore } from '@holdfast/strategy-client';
import {
  createWorkerThreadsSpace,
  workerThreadsStore,
} from '@holdfast/strategy-client/stores/worker-threads';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { ClientClock } from '../support/client-clock.js';
import {
  numbered,
  numbers,
  PHASE_MS,
  rowsOf,
  shareTables,
  startWorld,
  type World,
} from '../support/world.js';

shareTables();

/** Which deployment a new query runs on. */
async function colourOf(connection: Connection): Promise<string | null> {
  await using cursor = connection.cursor();
  return connection.manager.getQueryStrategy(await cursor.execute('SELECT 1'));
}

/** Authentications that got 456, which the counts of a deployment do not show. */
const refusedProbes = ({ engine }: World): number =>
  engine.state().mismatchesByRpc['authenticate']?.green ?? 0;

test('4.1 announced 6 s before it accepts: no query fails and probes come at most 5 times a second', async () => {
  const world = await startWorld({ announceBeforeAccept: true });
  const clock = new ClientClock();
  const connection = world.connect({ clock, retryBaseMs: 200, retryMaxMs: 2_000 });
  await rowsOf(connection, 'SELECT 1');
  world.announce();
  for (let at = 0; at < 60; at++) {
    if (at % 10 === 0) expect(await colourOf(connection)).toBe('blue');
    await connection.ping();
    clock.advance(100);
  }
  expect(refusedProbes(world)).toBeGreaterThan(3);
  expect(refusedProbes(world)).toBeLessThanOrEqual(6 * 5 + 1);
  expect(world.engine.state().mismatches).toEqual({ blue: 0, green: refusedProbes(world), none: 0 });
  world.drain();
  clock.flow();
  expect(await colourOf(connection)).toBe('green');
  expect(connection.manager.metrics().authentications.blue).toBe(1);
});

test('4.1 of 20 queries that hear an announcement one authenticates, and none waits for it', async () => {
  const world = await startWorld({ announceMs: 10 * PHASE_MS });
  const connection = world.connect();
  await rowsOf(connection, 'SELECT 1');
  world.engine.setFaults([{ kind: 'delay', rpc: 'authenticate', delayMs: PHASE_MS }]);
  world.announce();
  const many = Array.from({ length: 20 }, () => rowsOf(connection, numbers(9)));
  expect(await Promise.all(many)).toEqual(many.map(() => numbered(9)));
  expect(world.calls('executeStatement')).toEqual({ blue: 21, green: 0 });
  expect(world.calls('authenticate')).toEqual({ blue: 1, green: 1 });
  world.clock.advance(PHASE_MS);
  await eventually(() => expect(connection.manager.getActiveStrategy()).toBe('green'));
  expect(await colourOf(connection)).toBe('green');
  expect(world.calls('authenticate')).toEqual({ blue: 1, green: 1 });
});

test.each(['cut over', 'announced and drained'])(
  '4.2 one cursor executes again and again without clear() while the deployment is %s',
  async (how) => {
    const world = await startWorld();
    const connection = world.connect();
    await using cursor = connection.cursor();
    await cursor.execute(numbers(9));
    if (how === 'cut over') world.cutOver();
    else {
      world.announce();
      world.drain();
    }
    for (let time = 0; time < 3; time++) {
      await cursor.execute(numbers(9));
      expect(cursor.metadata).toContainEqual(['strategy', 'green']);
      expect(await cursor.fetchOne()).toEqual([1n]);
    }
    expect(world.engine.state().mismatchesByRpc['prepareStatement']).toEqual({ blue: 1, green: 0, none: 0 });
  },
);

test('4.6 queries that overlap go to the announced deployment at once, while older ones run on', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using old = connection.cursor();
  await old.execute(numbers(20));
  world.announce();
  expect(await old.fetchOne()).toEqual([1n]);
  expect(await old.fetchMany(9)).toHaveLength(9);
  await eventually(() => expect(connection.manager.getActiveStrategy()).toBe('green'));
  const many = Array.from({ length: 6 }, () => colourOf(connection));
  expect(new Set(await Promise.all(many))).toEqual(new Set(['green']));
  expect(world.engine.state()).toMatchObject({ phase: 'announced', runningQueries: { blue: 1 } });
  expect(await old.fetchAll()).toHaveLength(10);
  expect(world.engine.state().mismatches).toEqual({ blue: 0, green: 0, none: 0 });
});

test('4.13 an announcement that is taken back before it was accepted leaves nothing behind', async () => {
  const world = await startWorld({ announceBeforeAccept: true });
  const connection = world.connect();
  await rowsOf(connection, 'SELECT 1');
  world.announce();
  await rowsOf(connection, 'SELECT 1');
  await eventually(() => expect(refusedProbes(world)).toBeGreaterThan(0));
  world.engine.switch();
  await eventually(async () => {
    await rowsOf(connection, 'SELECT 1');
    expect(connection.manager.getSharedStrategy().pendingStrategy).toBe(null);
  });
  // A probe that was under way then has reached the engine before this, on the same connection.
  await rowsOf(connection, 'SELECT 1');
  const before = refusedProbes(world);
  world.drain();
  for (let time = 0; time < 5; time++) expect(await colourOf(connection)).toBe('blue');
  expect(refusedProbes(world)).toBe(before);
  expect(connection.manager.metrics().switches).toBe(0);
});

test('4.13 a switch that is taken back while the old deployment drains is followed back', async () => {
  const world = await startWorld();
  const connection = world.connect();
  await using old = connection.cursor();
  await old.execute(numbers(20));
  world.announce();
  world.drain();
  expect(await colourOf(connection)).toBe('green');
  world.engine.switch();
  await eventually(async () => expect(await colourOf(connection)).toBe('blue'));
  expect(await old.fetchAll()).toEqual(numbered(20));
  world.drain();
  expect(await colourOf(connection)).toBe('blue');
});

test('4.14 a colour that was heard of long ago is asked for again, once, before anything is sent', async () => {
  const world = await startWorld();
  const clock = new ClientClock();
  const connection = world.connect({ clock, strategyCacheTimeoutMs: 60_000 });
  await rowsOf(connection, 'SELECT 1');
  await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
  clock.advance(60_001);
  expect(connection.manager.getActiveStrategy()).toBe(null);
  await Promise.all(Array.from({ length: 8 }, () => rowsOf(connection, 'SELECT 1')));
  expect(world.calls('authenticate')).toEqual({ blue: 2, green: 0 });

  await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
  world.cutOver();
  clock.advance(60_001);
  expect(await colourOf(connection)).toBe('green');
  expect(Object.keys(world.engine.state().mismatchesByRpc)).toEqual(['authenticate']);
});

test('4.15 what one process finds out the others know without a 456', async () => {
  const world = await startWorld();
  const space = createWorkerThreadsSpace();
  const one = world.connect({ store: workerThreadsStore(space) });
  const other = world.connect({ store: workerThreadsStore(space) });
  const alone = world.connect();
  for (const connection of [one, other, alone]) expect(await colourOf(connection)).toBe('blue');
  await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
  world.cutOver();
  expect(await colourOf(one)).toBe('green');
  await eventually(() => expect(other.manager.getActiveStrategy()).toBe('green'));
  expect(await colourOf(other)).toBe('green');
  expect(other.manager.metrics().mismatches).toEqual({ blue: 0, green: 0 });
  // Without a store it costs one 456.
  expect(await colourOf(alone)).toBe('green');
  expect(alone.manager.metrics().mismatches).toEqual({ blue: 1, green: 0 });
});

test('4.17 the colour that is remembered is tried first, the other one after a 456', async () => {
  const world = await startWorld({ active: 'green' });
  const store = inProcessStore();
  const first = world.connect({ store });
  expect(await colourOf(first)).toBe('green');
  expect(first.manager.metrics().mismatches).toEqual({ blue: 1, green: 0 });
  const second = world.connect({ store });
  expect(await colourOf(second)).toBe('green');
  expect(second.manager.metrics().mismatches).toEqual({ blue: 0, green: 0 });
});

test('4.17 both refusing is an error that says so; refusing for a moment is none', async () => {
  const world = await startWorld();
  const connection = world.connect({ maxRetryAttempts: 3 });
  world.engine.setFaults([{ kind: 'http', status: 456 }]);
  await expect(connection.query('SELECT 1')).rejects.toMatchObject({
    name: 'StrategyDetectionError',
    attempts: 3,
    retryable: true,
  });
  world.engine.setFaults([{ kind: 'http', status: 456, times: 2 }]);
  expect(await rowsOf(connection, numbers(1))).toEqual(numbered(1));
});
