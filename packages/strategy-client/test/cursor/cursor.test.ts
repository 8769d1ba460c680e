import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../src/errors.js';
import { DirectEngine } from '../support/direct-engine.js';

const ONE = { queries: [{ idempotent: false, rows: 3 }] };

/** What an `execute` that is under way meets: the cancel of its query reaches the engine before the RPC does. */
function cancelled(stage: DirectEngine, at: string, cancel: (queryId: string) => Promise<void>): void {
  stage.before = (rpc) => {
    const [queryId = ''] = Object.keys(stage.manager.getSharedStrategy().queryStrategyMap);
    if (rpc === at) void cancel(queryId);
  };
}

describe('a query that is cancelled while it starts', () => {
  it.each(['executeStatement', 'getResultMetadata'])(
    'before %s, by its id, does not begin anew',
    async (rpc) => {
      for (const idempotent of [false, true]) {
        const stage = new DirectEngine(ONE);
        cancelled(stage, rpc, (queryId) => stage.connection.cancel(queryId));
        await expect(stage.connection.query('query 1', undefined, { idempotent })).rejects.toMatchObject({
          code: 'CLOSED',
          message: expect.stringContaining('look whether it took effect'),
        });
        expect(stage.calls.filter(({ rpc: sent }) => sent === 'prepareStatement')).toHaveLength(1);
        expect(stage.engine.held).toEqual([]);
        expect(stage.manager.metrics()).toMatchObject({ pinned: { blue: 0, green: 0 }, deploymentsGone: 0 });
      }
    },
  );

  it.each(['prepareStatement', 'executeStatement', 'getResultMetadata'])(
    'before %s, by its cursor, rejects and leaves nothing behind',
    async (rpc) => {
      const stage = new DirectEngine(ONE);
      const cursor = stage.connection.cursor();
      cancelled(stage, rpc, () => cursor.cancel());
      await expect(cursor.execute('query 1')).rejects.toMatchObject({ code: 'CLOSED' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(stage.engine.held).toEqual([]);
      expect(stage.manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
      stage.before = () => {};
      await cursor.execute('query 1');
      expect(await cursor.fetchAll()).toHaveLength(3);
    },
  );
});

describe('execute', () => {
  it('on a cursor that is closed meanwhile clears the query, which nobody has abandoned', async () => {
    const stage = new DirectEngine(ONE);
    const cursor = stage.connection.cursor();
    stage.before = (rpc) => {
      if (rpc === 'executeStatement') void cursor.close();
    };
    await expect(cursor.execute('query 1')).rejects.toMatchObject({ code: 'CLOSED' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.trace.at(-1)).toBe('clearOrCancelQuery blue');
    expect(stage.manager.metrics()).toMatchObject({ abandoned: 0, pinned: { blue: 0, green: 0 } });
  });

  it('names the deployment that knows no session, also when that is the target no more', async () => {
    const stage = new DirectEngine(ONE);
    stage.before = (rpc) => {
      if (rpc !== 'executeStatement') return;
      stage.manager.setActiveStrategy('green');
      stage.failures.push({ rpc, kind: 'expired' });
    };
    const error: unknown = await stage
      .after(stage.connection.cursor().execute('query 1'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ strategy: 'blue' });
  });
});
