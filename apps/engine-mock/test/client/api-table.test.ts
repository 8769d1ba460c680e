import { type Logger, StrategyClientError } from '@holdfast/strategy-client';
import { QUERY_ENGINE_METHODS } from '@holdfast/strategy-client/protocol';
import { describe, expect, test } from 'vitest';
import type { Colour } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { numbered, numbers, rowsOf, shareTables, startWorld } from './support/world.js';

shareTables();

/** A logger that keeps what it is told. */
function lines(): { readonly logger: Logger; readonly of: (level: string) => string[] } {
  const all: [string, string][] = [];
  const at =
    (level: string): Logger['info'] =>
    (_, message) =>
      void all.push([level, message]);
  return {
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    of: (level) => all.filter(([one]) => one === level).map(([, message]) => message),
  };
}

/** The rows of the origin's API reference that it takes a connection to show; each is named after its row. */
describe('the API table', () => {
  describe('Connection.get_session_id | session()', () => {
    test('detects blue, then green, and keeps what it has found', async () => {
      const world = await startWorld({ active: 'green' });
      const connection = world.connect();
      const session = await connection.session();
      expect(session).toEqual({ strategy: 'green', sessionId: expect.stringMatching(/^s-/) });
      expect(await connection.session()).toEqual(session);
      expect(await connection.manager.session()).toEqual(session);
      expect(world.engine.state()).toMatchObject({
        authentications: { blue: 0, green: 1 },
        mismatchesByRpc: { authenticate: { blue: 1, green: 0, none: 0 } },
      });
    });

    test('takes in what its reply announces', async () => {
      const world = await startWorld();
      const connection = world.connect();
      world.announce();
      await connection.session();
      await eventually(() => expect(connection.manager.getActiveStrategy()).toBe('green'));
      expect((await connection.session()).strategy).toBe('green');
    });

    test('tells bad credentials, and that there is no deployment', async () => {
      const world = await startWorld();
      await expect(world.connect({ password: 'wrong' }).session()).rejects.toMatchObject({
        name: 'AuthenticationError',
      });
      world.engine.setFaults([{ kind: 'http', status: 456 }]);
      await expect(world.connect({ maxRetryAttempts: 2 }).session()).rejects.toMatchObject({
        name: 'StrategyDetectionError',
      });
    });

    test('of a manager without a connection is refused, with what to do', async () => {
      const world = await startWorld();
      const connection = world.connect();
      await connection.close();
      await expect(connection.manager.session()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    });
  });

  describe('headers on all calls', () => {
    test('name deployment and cluster: authenticate, prepare, execute, metadata, batch, clear, cancel, status, explain, catalog calls', async () => {
      const world = await startWorld({ clusterName: 'one' });
      const connection = world.connect({ clusterName: 'One' });
      await using cursor = connection.cursor();
      for (const end of ['clear', 'cancel'] as const) {
        await cursor.execute(numbers(9));
        await cursor.fetchOne();
        await cursor.status();
        await cursor.explain();
        await cursor.explainAnalyze();
        await cursor[end]();
      }
      await rowsOf(connection, 'SELECT ?', [1]);
      await connection.clear('unknown');
      await connection.dryRun('SELECT 1');
      await connection.getSchemaNames();
      await connection.getTables();
      await connection.getColumns({ table: 'desired_groups' });
      expect(world.engine.state().mismatches).toEqual({ blue: 0, green: 0, none: 0 });
      expect(Object.keys(world.engine.state().calls).length).toBe(17);
    });
  });

  describe('new_strategy on responses', () => {
    test.each([
      'authenticate',
      'prepareStatement',
      'prepareStatementV2',
      'executeStatement',
      'executeStatementV2',
      'getResultMetadata',
      'getNextResultBatch',
      'clearOrCancelQuery',
      'cancelQuery',
      'clear',
      'status',
      'explain',
      'explainAnalyze',
      'getSchemaNamesV2',
      'getTablesV2',
      'getColumnsV2',
    ] as const)('of %s is heard', async (rpc) => {
      expect(QUERY_ENGINE_METHODS).toContain(rpc);
      const world = await startWorld({ announceBeforeAccept: true });
      const connection = world.connect();
      const other = world.connect();
      const cursor = connection.cursor();
      if (rpc !== 'authenticate') await cursor.execute(numbers(9), rpc.endsWith('V2') ? [] : undefined);
      const queryId = rpc === 'clear' ? await other.cursor().execute(numbers(9)) : '';
      const calls = (): number =>
        Object.values(world.engine.state().calls).reduce((sum, { blue, green }) => sum + blue + green, 0);
      const pending: [Colour, number][] = [];
      connection.manager.on('pending', ({ strategy }) => pending.push([strategy, calls()]));
      // The switch is announced while this one call waits, and is known before another is sent.
      world.engine.setFaults([{ kind: 'delay', rpc, delayMs: 5, times: 1 }]);
      const call = {
        authenticate: () => connection.session(),
        prepareStatement: () => cursor.execute(numbers(9)),
        prepareStatementV2: () => cursor.execute(numbers(9), []),
        executeStatement: () => cursor.execute(numbers(9)),
        executeStatementV2: () => cursor.execute(numbers(9), []),
        getResultMetadata: () => cursor.execute(numbers(9)),
        getNextResultBatch: () => cursor.fetchOne(),
        clearOrCancelQuery: () => cursor.clear(),
        cancelQuery: () => cursor.cancel(),
        clear: () => connection.clear(queryId),
        status: () => cursor.status(),
        explain: () => cursor.explain(),
        explainAnalyze: () => cursor.explainAnalyze(),
        getSchemaNamesV2: () => connection.getSchemaNames(),
        getTablesV2: () => connection.getTables(),
        getColumnsV2: () => connection.getColumns({ table: 'desired_groups' }),
      }[rpc]();
      await eventually(() => expect(world.clock.pending).toHaveLength(1));
      world.announce();
      const before = calls();
      world.clock.advance(5);
      await call;
      expect(pending[0]).toEqual(['green', before]);
      expect(connection.manager.getActiveStrategy()).toBe('blue');
    });
  });

  describe('Cursor lifecycle execute/fetch/clear/cancel', () => {
    test('pins at prepare, fetches there, and ends the pin', async () => {
      const world = await startWorld();
      const connection = world.connect();
      const { manager } = connection;
      await using cursor = connection.cursor();
      for (const end of ['clear', 'cancel'] as const) {
        const queryId = await cursor.execute(numbers(9));
        expect(cursor.queryId).toBe(queryId);
        expect(manager.getSharedStrategy().queryStrategyMap).toEqual({ [queryId]: 'blue' });
        expect(await cursor.fetchMany(2)).toEqual(numbered(2));
        await cursor[end]();
        await cursor[end]();
        expect(manager.getSharedStrategy().queryStrategyMap).toEqual({});
      }
    });

    test('applies, when a query ends, what the caller has set as pending', async () => {
      const world = await startWorld();
      const connection = world.connect();
      await using cursor = connection.cursor();
      await cursor.execute(numbers(9));
      world.announce();
      connection.manager.setPendingStrategy('green');
      expect(connection.manager.getActiveStrategy()).toBe('blue');
      await cursor.clear();
      expect(connection.manager.getActiveStrategy()).toBe('green');
    });
  });

  test('Cursor.metadata is of the live query, else of the active deployment', async () => {
    const world = await startWorld();
    const connection = world.connect({ clusterName: 'One' });
    const cursor = connection.cursor();
    expect(cursor.metadata).toEqual([['cluster-name', 'one']]);
    await cursor.execute(numbers(30));
    const pinned = [
      ['plannerip', 'planner-1.blue'],
      ['cluster-name', 'one'],
      ['strategy', 'blue'],
    ];
    expect(cursor.metadata).toEqual(pinned);
    world.announce();
    await cursor.fetchOne();
    await eventually(() => expect(connection.manager.getActiveStrategy()).toBe('green'));
    expect(cursor.metadata).toEqual(pinned);
    await cursor.clear();
    expect(cursor.metadata).toEqual([
      ['cluster-name', 'one'],
      ['strategy', 'green'],
    ]);
  });

  describe('@re_auth 456 / access denied', () => {
    test('are repeated up to maxRetryAttempts', async () => {
      const world = await startWorld();
      const connection = world.connect({ maxRetryAttempts: 5 });
      const denied = { kind: 'status', code: 13, message: 'Access denied', rpc: 'executeStatement' };
      world.engine.setFaults([{ ...denied, times: 4 }]);
      expect(await rowsOf(connection, numbers(3))).toEqual(numbered(3));
      expect(world.executions(numbers(3))).toBe(1);
      world.engine.setFaults([denied]);
      await expect(connection.query(numbers(3))).rejects.toMatchObject({ name: 'AuthenticationError' });
    });

    test('are told by the engine’s words, not by a number that happens to be there', async () => {
      const world = await startWorld();
      const connection = world.connect();
      await expect(connection.query('SELECT x456 FROM ops.desired_groups')).rejects.toMatchObject({
        name: 'QueryFailed',
        message: expect.stringContaining('x456'),
      });
      expect(connection.manager.metrics().mismatches).toEqual({ blue: 0, green: 0 });
    });
  });

  test('cleanup_query (best practice): the end of a query releases its lease', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const result = await connection.query(numbers(9));
    expect(connection.manager.getStrategyDebugInfo().queryCount).toBe(1);
    await result.close();
    expect(connection.manager.getStrategyDebugInfo().queryCount).toBe(0);
  });

  test('debug_strategy_state | getStrategyDebugInfo()', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const { manager } = connection;
    await using cursor = connection.cursor();
    await cursor.execute(numbers(9));
    expect(manager.getStrategyDebugInfo()).toMatchObject({
      active: 'blue',
      pending: null,
      lastTransition: 0,
      queryCount: 1,
    });
    world.cutOver();
    await connection.ping();
    const info = manager.getStrategyDebugInfo();
    expect(info).toMatchObject({ active: 'green', pending: null });
    expect(info.lastTransition).toBeGreaterThan(0);
    expect(info.now).toBeGreaterThanOrEqual(info.lastTransition);
  });

  test('logging: a line of level info for a transition, and events for all that happens', async () => {
    const world = await startWorld();
    const { logger, of } = lines();
    const connection = world.connect({ logger });
    const { manager } = connection;
    const told: string[] = [];
    manager.on('detected', ({ strategy }) => told.push(`detected ${strategy}`));
    manager.on('pending', ({ strategy, active }) => told.push(`pending ${strategy} beside ${active}`));
    manager.on('switched', ({ from, to, reason }) => told.push(`switched ${from} ${to} ${reason}`));
    manager.on('mismatch', ({ strategy, rpc }) => told.push(`mismatch ${strategy} ${rpc}`));
    manager.on('drained', ({ strategy }) => told.push(`drained ${strategy}`));
    manager.on('reauthenticated', ({ strategy }) => told.push(`reauthenticated ${strategy}`));
    await using cursor = connection.cursor();
    await cursor.execute(numbers(9));
    world.announce();
    await connection.ping();
    await eventually(() => expect(manager.getActiveStrategy()).toBe('green'));
    await cursor.clear();
    world.engine.expireSessions('green');
    await connection.ping();
    world.drain();
    world.cutOver();
    await connection.ping();
    expect(told).toEqual([
      'detected blue',
      'pending green beside blue',
      'switched blue green probe',
      'drained blue',
      'reauthenticated green',
      'mismatch green getSchemaNamesV2',
      'pending blue beside green',
      'switched green blue probe',
      'drained green',
    ]);
    expect(of('info')).toEqual([
      'strategy transition completed: blue -> green',
      'strategy transition completed: green -> blue',
    ]);
    expect(of('debug')).toEqual([]);
  });

  test('metrics/health: counts of switches, 456, re-auth, pins, drain time', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const { manager } = connection;
    const old = connection.cursor();
    await old.execute(numbers(9));
    expect(manager.metrics().pinned).toEqual({ blue: 1, green: 0 });
    world.announce();
    world.drain();
    await connection.ping();
    await old.clear();
    world.engine.expireSessions();
    await connection.ping();
    expect(manager.metrics()).toMatchObject({
      switches: 1,
      mismatches: { blue: 1, green: 0 },
      authentications: { blue: 1, green: 2 },
      reauthentications: { blue: 0, green: 1 },
      pinned: { blue: 0, green: 0 },
      drains: { count: 1 },
      lostAfterSend: 0,
      deploymentsGone: 0,
    });
  });

  test('checkStrategyChange(): whether the active deployment is another than when it was last asked', async () => {
    const world = await startWorld();
    const connection = world.connect();
    await connection.ping();
    expect(connection.checkStrategyChange()).toBe(false);
    expect(connection.checkStrategyChange()).toBe(false);
    world.cutOver();
    await connection.ping();
    expect(connection.checkStrategyChange()).toBe(true);
    expect(connection.checkStrategyChange()).toBe(false);
  });

  test('commit is a no-op, rollback throws', async () => {
    const connection = (await startWorld()).connect();
    expect(await connection.commit()).toBe(undefined);
    await expect(connection.rollback()).rejects.toBeInstanceOf(StrategyClientError);
    await expect(connection.rollback()).rejects.toMatchObject({ code: 'NOT_SUPPORTED', retryable: false });
  });

  test('rowcount asks nobody', async () => {
    const world = await startWorld();
    const cursor = world.connect().cursor();
    await cursor.execute(numbers(9));
    expect([cursor.rowCount, cursor.rowCount]).toEqual([9n, 9n]);
    expect(world.calls('status')).toEqual({ blue: 0, green: 0 });
  });

  test('explainAnalyse has is_cached, parsing_time, queuing_time and planner', async () => {
    const world = await startWorld();
    await using cursor = world.connect().cursor();
    await cursor.execute(numbers(9));
    expect(await cursor.explainAnalyze()).toEqual({
      isCached: false,
      parsingTime: 0,
      queuingTime: 0,
      planner: expect.stringContaining('"queryId"'),
    });
  });
});
