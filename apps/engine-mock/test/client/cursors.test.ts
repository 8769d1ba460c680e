import { setImmediate } from 'node:timers/promises';
import type { Cursor } from '@holdfast/strategy-client';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { numbered, numbers, shareTables, startWorld, type World } from './support/world.js';

shareTables();

/** A cursor with a query of so many rows, in batches of 4. */
async function running(rows: number, world?: World): Promise<{ world: World; cursor: Cursor }> {
  const there = world ?? (await startWorld());
  const cursor = there.connect().cursor();
  await cursor.execute(numbers(rows));
  return { world: there, cursor };
}

const noQuery = (world: World): Promise<unknown> =>
  eventually(() => expect(world.engine.state().runningQueries).toEqual({ blue: 0, green: 0 }));

/** Lets whatever is under way come about, as far as it can. */
async function settle(world: World, cursor: Cursor): Promise<void> {
  await cursor.status();
  await setImmediate();
  expect(world.engine.faults()).toEqual([]);
}

describe('rows', () => {
  test('have columns and a count as soon as the query is executed', async () => {
    const { cursor } = await running(10);
    expect(cursor.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['n LONG']);
    expect(cursor.rowCount).toBe(10n);
  });

  test('come one by one, in parts, and all that is left', async () => {
    const { cursor } = await running(20);
    expect(await cursor.fetchOne()).toEqual([1n]);
    expect(await cursor.fetchMany(6)).toEqual(numbered(7).slice(1));
    expect(await cursor.fetchAll()).toEqual(numbered(20).slice(7));
    expect(await cursor.fetchOne()).toBe(null);
    expect(await cursor.fetchMany(3)).toEqual([]);
    expect(await cursor.fetchAll()).toEqual([]);
  });

  test('come in the order of asking to those who fetch at the same time', async () => {
    const { cursor } = await running(12);
    const some = await Promise.all([
      cursor.fetchOne(),
      cursor.fetchMany(4),
      cursor.fetchOne(),
      cursor.fetchAll(),
      cursor.fetchOne(),
    ]);
    expect(some).toEqual([[1n], numbered(5).slice(1), [6n], numbered(12).slice(6), null]);
  });

  test('of an empty result are none, with columns', async () => {
    const world = await startWorld();
    await using cursor = world.connect().cursor();
    await cursor.execute('SELECT id, name FROM sales.customers WHERE id < 0');
    expect(cursor.columns).toHaveLength(2);
    expect(cursor.rowCount).toBe(0n);
    expect(await cursor.fetchAll()).toEqual([]);
  });

  test.each([0, -1, 1.5, Number.NaN])('fetchMany(%s) is refused', async (count) => {
    const { world, cursor } = await running(1);
    await expect(cursor.fetchMany(count)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await cursor.fetchAll()).toEqual(numbered(1));
    await using result = await world.connect().query(numbers(1));
    await expect(result.fetchMany(count)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test.each([1n, 4n, 6n])(
    'are iterated, and what is left can be fetched after a break at row %s',
    async (last) => {
      const { world, cursor } = await running(10);
      const seen: unknown[] = [];
      for await (const [n] of cursor) {
        seen.push(n);
        if (n === last) break;
      }
      expect(seen).toEqual([1n, 2n, 3n, 4n, 5n, 6n].slice(0, Number(last)));
      expect(await cursor.fetchAll()).toEqual(numbered(10).slice(Number(last)));
      await noQuery(world);
    },
  );

  test('of an earlier query end when the cursor executes again', async () => {
    const { world, cursor } = await running(10);
    expect(await cursor.fetchOne()).toEqual([1n]);
    await cursor.execute(numbers(2));
    expect(await cursor.fetchAll()).toEqual(numbered(2));
    await noQuery(world);
  });
});

describe('batches', () => {
  test('are fetched one ahead, and no more until the caller goes on', async () => {
    const { world, cursor } = await running(40);
    const batches = (): number => world.calls('getNextResultBatch').blue;
    await settle(world, cursor);
    expect(batches()).toBe(0);
    for (const expected of [2, 3, 4]) {
      expect(await cursor.fetchMany(4)).toHaveLength(4);
      await eventually(() => expect(batches()).toBe(expected));
      await settle(world, cursor);
      expect(batches()).toBe(expected);
    }
  });

  test('wait for an iterating caller who is slow', async () => {
    const { world, cursor } = await running(12);
    let seen = 0;
    for await (const _ of cursor) {
      seen++;
      await settle(world, cursor);
      // The batch at hand and the one after it; the last one is empty.
      expect(world.calls('getNextResultBatch').blue).toBeLessThanOrEqual(Math.ceil(seen / 4) + 1);
    }
    expect(seen).toBe(12);
    expect(world.calls('getNextResultBatch').blue).toBe(4);
  });
});

describe('the end of a query', () => {
  test('clears it on the engine by itself, so that nothing can be asked any more', async () => {
    const { world, cursor } = await running(6);
    await cursor.fetchAll();
    await noQuery(world);
    await expect(cursor.explainAnalyze()).rejects.toThrow('pass autoClear: false');
    expect(world.calls('clearOrCancelQuery').blue).toBe(1);
    await cursor.close();
    expect(world.calls('clearOrCancelQuery').blue).toBe(1);
  });

  test('with autoClear off leaves it until it is cleared', async () => {
    const world = await startWorld();
    const cursor = world.connect({ autoClear: false }).cursor();
    await cursor.execute(numbers(6));
    await cursor.fetchAll();
    const analysis = await cursor.explainAnalyze();
    expect(analysis).toMatchObject({ isCached: false, parsingTime: 0, queuingTime: 0 });
    expect(JSON.parse(analysis.planner)).toMatchObject({ rows: '6', rowsDelivered: '6', deployment: 'blue' });
    expect(world.engine.state().runningQueries.blue).toBe(1);
    await cursor.clear();
    expect(world.engine.state().runningQueries.blue).toBe(0);
  });

  test.each(['clear', 'cancel', 'close'] as const)(
    'by %s is harmless again, and without a query',
    async (end) => {
      const { world, cursor } = await running(40);
      await cursor.fetchOne();
      await cursor[end]();
      expect(world.engine.state().runningQueries.blue).toBe(0);
      await cursor[end]();
      await world.connect().cursor()[end]();
      const { blue: clears } = world.calls('clearOrCancelQuery');
      expect(clears + world.calls('cancelQuery').blue).toBe(1);
    },
  );

  test.each(['clear', 'cancel'] as const)(
    'by %s is told to who wants more, as no end of the rows',
    async (end) => {
      const { world, cursor } = await running(40);
      expect(await cursor.fetchOne()).toEqual([1n]);
      await cursor[end]();
      const closed = { code: 'CLOSED', message: expect.stringContaining('before its last row') };
      await expect(cursor.fetchAll()).rejects.toMatchObject(closed);
      await cursor.execute(numbers(40));
      expect(await cursor.fetchMany(4)).toEqual(numbered(4));
      world.engine.setFaults([{ kind: 'delay', rpc: 'getNextResultBatch', delayMs: 5 }]);
      const waiting = expect(cursor.fetchAll()).rejects.toMatchObject(closed);
      await eventually(() => expect(world.clock.pending).toHaveLength(1));
      await cursor[end]();
      await waiting;
      world.engine.setFaults([]);
      await cursor.execute(numbers(3));
      expect(await cursor.fetchAll()).toEqual(numbered(3));
      await cursor[end]();
      expect(await cursor.fetchOne()).toBe(null);
    },
  );

  test('comes with leaving a loop over a result, or its scope', async () => {
    const world = await startWorld();
    const connection = world.connect();
    for await (const row of await connection.query(numbers(40))) if (row[0] === 2n) break;
    expect(world.engine.state().runningQueries.blue).toBe(0);
    {
      await using result = await connection.query(numbers(40));
      expect(await result.fetchMany(5)).toEqual(numbered(5));
    }
    expect(world.engine.state().runningQueries.blue).toBe(0);
    await expect(
      (async () => {
        for await (const _ of await connection.query(numbers(40))) throw new Error('enough');
      })(),
    ).rejects.toThrow('enough');
    expect(world.engine.state().runningQueries.blue).toBe(0);
  });
});

describe('status, explain, explainAnalyze', () => {
  test('tell of the query that runs', async () => {
    const { cursor } = await running(9);
    expect(await cursor.status()).toEqual({ status: true, rowCount: 9n });
    expect(await cursor.explain()).toBe('COMPUTE builtin.generated.numbers');
    expect(JSON.parse((await cursor.explainAnalyze()).planner)).toMatchObject({ executed: true, rows: '9' });
  });

  test('ask where the query runs, also after a switch', async () => {
    const { world, cursor } = await running(9);
    world.announce();
    world.drain();
    expect(await cursor.status()).toEqual({ status: true, rowCount: 9n });
    expect(JSON.parse((await cursor.explainAnalyze()).planner)).toMatchObject({ deployment: 'blue' });
    expect(await cursor.explain()).toContain('numbers');
  });

  test('without a query say what to do', async () => {
    const world = await startWorld();
    const cursor = world.connect().cursor();
    for (const what of ['status', 'explain', 'explainAnalyze'] as const)
      await expect(cursor[what]()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a signal', () => {
  const reason = new Error('the user has gone');

  test('that has aborted before keeps anything from being sent', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const signal = AbortSignal.abort(reason);
    const cursor = connection.cursor();
    await expect(cursor.execute('SELECT 1', undefined, { signal })).rejects.toBe(reason);
    await expect(connection.query('SELECT 1', undefined, { signal })).rejects.toBe(reason);
    await expect(connection.getTables({ signal })).rejects.toBe(reason);
    expect(world.calls('prepareStatement').blue + world.calls('getTablesV2').blue).toBe(0);
  });

  test.each([
    'authenticate',
    'prepareStatement',
    'executeStatement',
    'getResultMetadata',
    'getNextResultBatch',
  ])('that aborts during %s ends the wait, and the query on the engine', async (rpc) => {
    const world = await startWorld();
    const connection = world.connect();
    const stop = new AbortController();
    const { signal } = stop;
    world.engine.setFaults([{ kind: 'delay', when: 'after', rpc, delayMs: 5, times: 1 }]);
    const rows = connection.query(numbers(40), undefined, { signal }).then((result) => result.fetchAll());
    const ended = expect(rows).rejects.toBe(reason);
    await eventually(() => expect(world.clock.pending).toHaveLength(1));
    stop.abort(reason);
    await ended;
    world.clock.advance(5);
    // A prepare whose answer nobody waits for is an orphan, which the engine has to end.
    if (rpc !== 'prepareStatement') await noQuery(world);
    expect(connection.manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
    world.engine.setFaults([]);
    expect(await (await connection.query(numbers(2))).fetchAll()).toEqual(numbered(2));
  });

  test('of a fetch cancels the query by cancelQuery', async () => {
    const { world, cursor } = await running(40);
    const stop = new AbortController();
    await cursor.fetchMany(4);
    world.engine.setFaults([{ kind: 'delay', rpc: 'getNextResultBatch', delayMs: 5 }]);
    const rest = expect(cursor.fetchAll({ signal: stop.signal })).rejects.toBe(reason);
    await eventually(() => expect(world.clock.pending).toHaveLength(1));
    stop.abort(reason);
    await rest;
    await noQuery(world);
    expect(world.calls('cancelQuery').blue).toBe(1);
    await expect(cursor.fetchAll()).rejects.toBe(reason);
  });

  test('of a status ends that alone', async () => {
    const { world, cursor } = await running(8);
    world.engine.setFaults([{ kind: 'delay', rpc: 'status', delayMs: 5, times: 1 }]);
    const stop = new AbortController();
    const status = expect(cursor.status({ signal: stop.signal })).rejects.toBe(reason);
    await eventually(() => expect(world.clock.pending).toHaveLength(1));
    stop.abort(reason);
    await status;
    expect(await cursor.fetchAll()).toEqual(numbered(8));
  });

  test('may serve any number of queries, and stops them all', async () => {
    const world = await startWorld();
    const connection = world.connect();
    const stop = new AbortController();
    const { signal } = stop;
    const results = await Promise.all(
      Array.from({ length: 12 }, () => connection.query(numbers(40), undefined, { signal })),
    );
    await Promise.all(results.map((result) => result.fetchOne()));
    stop.abort(reason);
    for (const result of results) await expect(result.fetchAll()).rejects.toBe(reason);
    await noQuery(world);
  });
});
