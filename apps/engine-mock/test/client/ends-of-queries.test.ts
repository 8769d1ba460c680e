import { Client } from '@grpc/grpc-js';
import type { QueryResult } from '@holdfast/strategy-client';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { shareTables, startWorld, type World } from './support/world.js';

shareTables();

const ROWS = 10;
/** Three batches, and the empty one at the end. */
const SQL = `SELECT n FROM builtin.generated.numbers LIMIT ${ROWS}`;
const ALL = Array.from({ length: ROWS }, (_, n) => [BigInt(n + 1)]);
const DELAY_MS = 10;
const SLOW_BATCHES = { kind: 'delay', rpc: 'getNextResultBatch', delayMs: DELAY_MS } as const;
const LOST_BATCH = { kind: 'reset', when: 'after', rpc: 'getNextResultBatch', times: 1 } as const;

/** Lets batches come until `nth` is the next that is asked for, whose answer is then lost. */
async function loseBatch(world: World, nth: number): Promise<void> {
  for (let n = 1; n < nth; n++) {
    await eventually(() => expect(world.calls('getNextResultBatch').blue).toBe(n));
    if (n === nth - 1) world.engine.setFaults([LOST_BATCH]);
    world.clock.advance(DELAY_MS);
  }
}

test.each([
  ['fetchAll', 2],
  ['fetchAll', 4],
  ['fetchMany', 2],
] as const)(
  '%s has returned nothing when batch %i is lost: an idempotent query starts anew',
  async (how, nth) => {
    const world = await startWorld({ faults: [SLOW_BATCHES] });
    const connection = world.connect();
    const read = (result: QueryResult): Promise<unknown> =>
      how === 'fetchAll' ? result.fetchAll() : result.fetchMany(ROWS);
    const rows = read(await connection.query(SQL, undefined, { idempotent: true }));
    await loseBatch(world, nth);
    expect(await rows).toEqual(ALL);
    expect(world.executions(SQL)).toBe(2);
    expect(world.engine.faults()).toEqual([]);
  },
);

test('a row has been returned when a later batch is lost: an idempotent query does not start anew', async () => {
  const world = await startWorld({ faults: [SLOW_BATCHES] });
  const result = await world.connect().query(SQL, undefined, { idempotent: true });
  const first = result.fetchOne();
  await loseBatch(world, 2);
  expect(await first).toEqual([1n]);
  await expect(result.fetchAll()).rejects.toMatchObject({ name: 'LostAfterSend', rowsDelivered: 1 });
  expect(world.executions(SQL)).toBe(1);
});

test('a batch that is under way at a close is cut off only when the engine has answered that', async () => {
  const world = await startWorld();
  const connection = world.connect();
  const cursor = connection.cursor();
  await cursor.execute(SQL);
  const cuts = watchCuts();
  await cursor.fetchOne();
  await cursor.fetchMany(3);
  await eventually(() => expect(world.calls('getNextResultBatch').blue).toBe(2));
  world.engine.setFaults([SLOW_BATCHES]);
  // The next batch is asked for, and slow.
  await cursor.fetchOne();
  await eventually(() => expect(world.calls('getNextResultBatch').blue).toBe(3));
  expect(cuts()).toEqual([]);
  await cursor.close();
  await eventually(() => expect(cuts()).toEqual([{ rpc: 'getNextResultBatch', cleared: 1 }]));
  expect(world.engine.state().runningQueries.blue).toBe(0);

  function watchCuts(): () => readonly { rpc: string; cleared: number }[] {
    const seen: { rpc: string; cleared: number }[] = [];
    const original = Client.prototype.makeUnaryRequest;
    onTestFinished(() => {
      Client.prototype.makeUnaryRequest = original;
    });
    Reflect.set(Client.prototype, 'makeUnaryRequest', function (this: Client, ...args: unknown[]): unknown {
      const call: { cancel(): void } = Reflect.apply(original, this, args);
      const cancel = call.cancel.bind(call);
      call.cancel = () => {
        const rpc = String(args[0]).replace(/^.*\//, '');
        seen.push({ rpc, cleared: world.calls('clearOrCancelQuery').blue });
        cancel();
      };
      return call;
    });
    return () => seen;
  }
});
