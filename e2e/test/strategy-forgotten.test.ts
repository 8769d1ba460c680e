import { expect, test } from 'vitest';
import { now } from '../src/coordination/now.js';
import { until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { BATCH_ROWS } from '../src/strategy/client/queries.js';
import { EngineProcess } from '../src/strategy/engine-process.js';
import { startClients } from '../src/strategy/fleet.js';

leavesNothingBehind();

/** In each of two turns, after one that warms up. */
const QUERIES = Number(process.env['HOLDFAST_SOAK_QUERIES'] ?? 1_000);
/** One of so many is forgotten: enough that their batches would show. */
const NTH = 10;
/** The 10,000 ended queries that are remembered for late cancels take so much, each at most. */
const BYTES_PER_QUERY = 250;
const SLACK_BYTES = 500_000;

test('cursors that are forgotten leave nothing behind, neither here nor on the engine', async () => {
  const engine = await EngineProcess.start('--batch-rows', `${BATCH_ROWS}`);
  const [client] = await startClients(engine, { seed: 0, names: ['a'] });
  if (client === undefined) throw new Error('one client is wanted');
  await client.line.call('forget', QUERIES / 4, NTH);
  const begin = now();
  const first = await client.line.call('forget', QUERIES, NTH);
  const second = await client.line.call('forget', QUERIES, NTH);
  const seconds = (now() - begin) / 1000;
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  reportLine(
    `strategy forgotten cursors: ${2 * QUERIES} queries in ${seconds.toFixed(1)} s, ${second.abandoned} cursors forgotten, ` +
      `heap ${mb(first.heap)} after half of them and ${mb(second.heap)} after all`,
  );
  expect(second.abandoned).toBe((2.25 * QUERIES) / NTH);
  expect(second.pinned).toBe(0);
  expect(second.heap - first.heap).toBeLessThan(SLACK_BYTES + BYTES_PER_QUERY * Math.min(QUERIES, 10_000));
  // Their clears are on their way.
  await until('the engine runs nothing', async () => {
    const { blue, green } = (await engine.state()).runningQueries;
    return blue + green === 0;
  });
  expect(await client.close()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});
