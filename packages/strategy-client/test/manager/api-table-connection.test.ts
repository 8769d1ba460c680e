import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/cursor/cursor.js';
import { DirectEngine } from '../support/direct-engine.js';

const ONE = { queries: [{ idempotent: false, rows: 3 }] };
const SWITCH = { ...ONE, script: ['announce', 'cutover', 'off'] as const };

/** Runs a query to its end, and lets the clear behind it through. */
async function runs(cursor: Cursor): Promise<number> {
  await cursor.execute('query 1');
  const rows = await cursor.fetchAll();
  await new Promise((resolve) => setImmediate(resolve));
  return rows.length;
}

/** The rows of the origin's API reference that need a connection; each test is named after its row. */
describe('the API table, with a connection', () => {
  describe('Connection.get_session_id | session()', () => {
    it('authenticates once, and is cached then', async () => {
      const { connection, manager, trace, calls } = new DirectEngine();
      expect(trace).toEqual([]);
      const lease = await connection.session();
      expect(lease).toEqual({ strategy: 'blue', sessionId: 'session 1 on blue' });
      expect(await connection.session()).toEqual(lease);
      expect(await manager.session()).toEqual(lease);
      expect(calls).toHaveLength(1);
      expect(manager.getActiveStrategy()).toBe('blue');
    });

    it('tries the other deployment after a 456', async () => {
      const stage = new DirectEngine({ active: 'green' });
      expect(await stage.connection.session()).toMatchObject({ strategy: 'green' });
      expect(stage.trace).toEqual(['authenticate blue', 'authenticate green']);
      expect(stage.manager.metrics().mismatches).toEqual({ blue: 1, green: 0 });
    });

    it('heeds the new_strategy of the reply', async () => {
      const stage = new DirectEngine(SWITCH);
      stage.engine.operate('announce');
      await stage.connection.session();
      await new Promise((resolve) => setImmediate(resolve));
      expect(stage.trace).toEqual(['authenticate blue', 'authenticate green']);
      expect(await stage.connection.session()).toMatchObject({ strategy: 'green' });
    });

    it('throws AuthenticationError for a refused password', async () => {
      const stage = new DirectEngine({ wrong: ['blue', 'green'] });
      await expect(stage.connection.session()).rejects.toMatchObject({
        code: 'AUTHENTICATION',
        strategy: 'blue',
      });
      expect(stage.calls).toHaveLength(1);
    });

    it('throws StrategyDetectionError when neither deployment takes calls', async () => {
      const stage = new DirectEngine();
      stage.engine.serves = () => false;
      await expect(stage.after(stage.connection.session())).rejects.toMatchObject({
        code: 'STRATEGY_DETECTION',
      });
    });

    it('needs a connection that uses the manager', async () => {
      const stage = new DirectEngine();
      await stage.connection.close();
      await expect(stage.manager.session()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    });
  });

  describe('headers on all calls | automatic', () => {
    it('has strategy and cluster on every call, and the planner on those of a query', async () => {
      const stage = new DirectEngine(ONE, { clusterName: 'Prod' });
      const { connection } = stage;
      const cursor = connection.cursor();
      await cursor.execute('query 1');
      await cursor.status();
      await cursor.explain();
      await cursor.explainAnalyze();
      await cursor.fetchOne();
      await cursor.cancel();
      await cursor.execute('query 1');
      const { queryId } = cursor;
      await cursor.clear();
      await connection.clear(queryId);
      await connection.cancel(queryId);
      await connection.dryRun('query 1');
      await connection.getSchemaNames();
      await connection.getTables();
      await connection.getColumns({ table: 't' });
      const withPlanner = new Set<string>();
      for (const { rpc, headers } of stage.calls) {
        expect(headers, rpc).toMatchObject({ strategy: 'blue', 'cluster-name': 'prod' });
        if ('plannerip' in headers) withPlanner.add(rpc);
      }
      expect(new Set(stage.calls.map(({ rpc }) => rpc)).size).toBe(15);
      expect([...withPlanner].sort()).toEqual([
        ...['cancelQuery', 'clearOrCancelQuery', 'executeStatement', 'explain', 'explainAnalyze'],
        ...['getNextResultBatch', 'getResultMetadata', 'status'],
      ]);
    });
  });

  describe('new_strategy on responses | automatic', () => {
    it.each([
      ['authenticate'],
      ['prepareStatement'],
      ['executeStatement'],
      ['getResultMetadata'],
      ['getNextResultBatch'],
      ['clearOrCancelQuery'],
      ['clear'],
      ['cancelQuery'],
      ['status'],
      ['explain'],
      ['explainAnalyze'],
      ['getSchemaNamesV2'],
      ['getTablesV2'],
      ['getColumnsV2'],
    ])('heeds that of %s', async (rpc) => {
      const stage = new DirectEngine({ ...ONE, script: ['announce'] });
      const { connection, manager } = stage;
      const pending: string[] = [];
      manager.on('pending', ({ strategy }) => pending.push(strategy));
      stage.word = { rpc, strategy: 'green' };
      const cursor = connection.cursor();
      await cursor.execute('query 1');
      await cursor.status();
      await cursor.explain();
      await cursor.explainAnalyze();
      await cursor.fetchAll();
      await cursor.execute('query 1');
      const { queryId } = cursor;
      await cursor.cancel();
      stage.engine.held.push({
        id: queryId,
        sql: '',
        strategy: 'blue',
        executions: 1,
        next: 0,
        isOrphan: false,
      });
      await connection.clear(queryId);
      await connection.getSchemaNames();
      await connection.getTables();
      await connection.getColumns({ table: 't' });
      expect(pending).toContain('green');
      expect(stage.trace).toContain('authenticate green');
    });
  });

  describe('Cursor lifecycle execute/fetch/clear/cancel | query()/cursor().execute/fetchOne/fetchMany/fetchAll/[Symbol.asyncIterator]/clear/cancel/close', () => {
    it('registers at prepare, fetches with the pin, and releases at clear', async () => {
      const stage = new DirectEngine(SWITCH);
      const { connection, manager, engine } = stage;
      const cursor = connection.cursor();
      const queryId = await cursor.execute('query 1');
      expect(manager.getSharedStrategy().queryStrategyMap).toEqual({ [queryId]: 'blue' });
      engine.operate('announce');
      engine.operate('cutover');
      expect(await runs(connection.cursor())).toBe(3);
      expect(await cursor.fetchAll()).toHaveLength(3);
      await cursor.clear();
      await cursor.clear();
      expect(manager.getSharedStrategy().queryStrategyMap).toEqual({});
      expect(
        stage.trace.filter((line) => /Batch|Metadata|execute|clear/.test(line) && line.endsWith('blue')),
      ).toHaveLength(7);
      expect(engine.held).toEqual([]);
    });

    it.each([['clear'], ['cancel'], ['close']] as const)(
      '%s releases the pin, applies what a caller has set as pending, and may be repeated',
      async (how) => {
        const { connection, manager, engine } = new DirectEngine(ONE);
        const cursor = connection.cursor();
        await cursor.execute('query 1');
        manager.setPendingStrategy('green');
        await cursor[how]();
        await cursor[how]();
        expect(manager.getSharedStrategy()).toMatchObject({
          activeStrategy: 'green',
          pendingStrategy: null,
          queryStrategyMap: {},
        });
        expect(engine.held).toEqual([]);
      },
    );

    it('reads rows one by one, some, all, and by iteration', async () => {
      const { connection } = new DirectEngine(ONE);
      const cursor = connection.cursor();
      await cursor.execute('query 1');
      expect(await cursor.fetchOne()).toEqual([0]);
      expect(await cursor.fetchMany(1)).toEqual([[1]]);
      expect(await cursor.fetchAll()).toEqual([[2]]);
      expect(await cursor.fetchOne()).toBe(null);
      const rows: unknown[] = [];
      for await (const [row] of await connection.query('query 1')) rows.push(row);
      expect(rows).toEqual([0, 1, 2]);
    });
  });

  describe('Cursor.metadata | cursor.metadata', () => {
    it('is that of the live query, also after a switch; else of the active deployment', async () => {
      const { connection, manager } = new DirectEngine(ONE, { clusterName: 'c' });
      const cursor = connection.cursor();
      expect(cursor.metadata).toEqual([['cluster-name', 'c']]);
      await cursor.execute('query 1');
      manager.setActiveStrategy('green');
      expect(cursor.metadata).toEqual([
        ['plannerip', '10.0.0.7'],
        ['cluster-name', 'c'],
        ['strategy', 'blue'],
      ]);
      await cursor.clear();
      expect(cursor.metadata).toEqual([
        ['cluster-name', 'c'],
        ['strategy', 'green'],
      ]);
    });
  });

  describe('@re_auth 456 / access denied | internal runWithRecovery(rpc)', () => {
    it('repeats a prepare that got 456 where the probe succeeds', async () => {
      const stage = new DirectEngine(SWITCH);
      await stage.connection.session();
      for (const step of ['announce', 'cutover', 'off'] as const) stage.engine.operate(step);
      expect(await stage.after(runs(stage.connection.cursor()))).toBe(3);
      expect(stage.trace.slice(1, 5)).toEqual([
        ...[
          'prepareStatement blue',
          'authenticate green',
          'prepareStatement green',
          'executeStatement green',
        ],
      ]);
    });

    it('renews a session that was denied, on the same deployment, without executing twice', async () => {
      const stage = new DirectEngine(ONE);
      const told: unknown[] = [];
      stage.manager.on('reauthenticated', (event) => told.push(event));
      const cursor = stage.connection.cursor();
      await cursor.execute('query 1');
      await stage.clock.advanceAsync(1_000);
      stage.failures.push({ rpc: 'getNextResultBatch', kind: 'expired' });
      expect(await stage.after(cursor.fetchAll())).toHaveLength(3);
      expect(stage.trace.filter((line) => line === 'executeStatement blue')).toHaveLength(1);
      expect(told).toEqual([{ strategy: 'blue' }]);
      expect(stage.manager.metrics().reauthentications).toEqual({ blue: 1, green: 0 });
    });

    it('gives up after five attempts', async () => {
      const stage = new DirectEngine(ONE);
      for (let at = 0; at < 9; at++) stage.failures.push({ rpc: 'prepareStatement', kind: 'after send' });
      await expect(stage.after(stage.connection.query('query 1'))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      expect(stage.failures).toHaveLength(4);
    });
  });

  describe('cleanup_query | lease.release()', () => {
    it('ends the pin with the last row, and by hand', async () => {
      const { connection, manager } = new DirectEngine(ONE);
      await runs(connection.cursor());
      expect(manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
      const cursor = connection.cursor();
      const queryId = await cursor.execute('query 1');
      manager.cleanupQueryStrategy(queryId);
      expect(manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
      expect(await cursor.fetchAll()).toHaveLength(3);
    });
  });

  describe('logging and metrics | events, metrics()', () => {
    it('tells of a switch from the word to the end of the drain', async () => {
      const stage = new DirectEngine(SWITCH);
      const { connection, manager, engine } = stage;
      const told: string[] = [];
      for (const event of ['detected', 'pending', 'switched', 'mismatch', 'drained'] as const)
        manager.on(event, () => told.push(event));
      const cursor = connection.cursor();
      await cursor.execute('query 1');
      engine.operate('announce');
      await cursor.fetchOne();
      await new Promise((resolve) => setImmediate(resolve));
      await cursor.fetchAll();
      expect(told).toEqual(['detected', 'pending', 'switched', 'drained']);
      expect(manager.metrics()).toMatchObject({
        switches: 1,
        authentications: { blue: 1, green: 1 },
        retries: 0,
      });
    });
  });

  describe('other public surface', () => {
    it('checkStrategyChange() is true once after each change', async () => {
      const { connection, manager } = new DirectEngine(ONE);
      expect(connection.checkStrategyChange()).toBe(false);
      await connection.session();
      expect(connection.checkStrategyChange()).toBe(false);
      manager.setActiveStrategy('green');
      expect(connection.checkStrategyChange()).toBe(true);
      expect(connection.checkStrategyChange()).toBe(false);
    });

    it('commit does nothing, rollback throws', async () => {
      const { connection, calls } = new DirectEngine(ONE);
      await connection.commit();
      await expect(connection.rollback()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
      expect(calls).toEqual([]);
    });

    it('a trailing semicolon is stripped', async () => {
      const { connection, calls } = new DirectEngine(ONE);
      await connection.query('  query 1 ; ');
      expect(calls.find(({ rpc }) => rpc === 'prepareStatement')?.request).toMatchObject({
        queryString: 'query 1',
      });
    });

    it('an empty user, password, host or port is refused in the origin’s words', () => {
      for (const options of [{ username: '' }, { password: '' }])
        expect(() => new DirectEngine(ONE, options)).toThrow('username or password cannot be empty.');
      for (const options of [{ host: '' }, { port: 0 }])
        expect(() => new DirectEngine(ONE, options)).toThrow('host or port cannot be empty.');
    });

    it('late cancel: a query that has ended is cancelled where it ran', async () => {
      const stage = new DirectEngine(SWITCH);
      const { connection, engine } = stage;
      const cursor = connection.cursor();
      const queryId = await cursor.execute('query 1');
      engine.operate('announce');
      engine.operate('cutover');
      await cursor.clear();
      await connection.session();
      await connection.cancel(queryId);
      expect(stage.trace.at(-1)).toBe('cancelQuery blue');
    });
  });
});
