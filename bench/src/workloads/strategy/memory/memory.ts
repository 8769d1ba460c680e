import { fileURLToPath } from 'node:url';
import { bar, type Measurement } from '../../../harness/results.js';
import { median, spread } from '../../../harness/stats.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import { ROWS_PER_BATCH } from '../wire/samples.js';
import type { ChurnPoint, ChurnSetup, IterateReport, StrategyMemoryWorker } from './protocol.js';

export interface StrategyMemorySizes {
  readonly iterate: { readonly rows: number };
  /** Queries against an engine within the same process. */
  readonly churn: ChurnSizes;
  /** Queries against the engine mock. */
  readonly real: ChurnSizes;
}

export interface ChurnSizes {
  /** Before the first point: caches fill, code is compiled. */
  readonly settling: number;
  readonly queries: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
const MIB = 2 ** 20;
const POINTS = 10;
const COMPARED_POINTS = 3;
const CALLERS = 16;
const ABANDONED_EVERY = 100;
/** Flat, as far as a garbage-collected heap can be. */
const MOST_GROWTH = 1.2;
/** What is read, what is fetched meanwhile, and a quarter for the bytes of a message that grpc-js still has. */
const MOST_BATCHES = 2.25;
/** No divisor of a batch, so that looks fall on all parts of one. */
const ROWS_PER_LOOK = 5_003;

/** What the client holds: while it reads a long result, and after many short ones. */
export async function benchStrategyMemory(context: StrategyBench, sizes: StrategyMemorySizes): Promise<Part> {
  const { engine, from, signal } = context;
  await using worker = await Worker.start<StrategyMemoryWorker>({
    script: SCRIPT,
    from,
    nodeArgs: ['--expose-gc'],
    signal,
  });
  const parts = [
    await benchIterate(context, worker, sizes.iterate.rows),
    await benchChurn(context, worker, { ...sizes.churn, name: 'in-process', port: null }),
    await benchChurn(context, worker, { ...sizes.real, name: 'engine', port: engine.port }),
  ];
  const { runningQueries } = await engine.counts();
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [
      ...parts.flatMap(({ notes }) => notes),
      ...(runningQueries > 0 ? [`DOUBTFUL: ${runningQueries} queries are left on the engine`] : []),
    ],
  };
}

async function benchIterate(
  { engine, say }: StrategyBench,
  worker: Worker<StrategyMemoryWorker>,
  rows: number,
): Promise<Part> {
  say(`strategy: reading ${rows} rows`);
  const every = Math.min(ROWS_PER_LOOK, Math.ceil(rows / 10));
  const report = await worker.call('iterate', { port: engine.port, rows, every });
  return {
    measurements: iterateLines(report),
    notes: [
      `memory while iterating: heap and external memory after a full collection, every ${every} of ${rows} rows (a LONG and a STRING), less what was held before, in batches of ${ROWS_PER_BATCH} rows; a batch, its bytes and its rows, takes ${(report.batch / MIB).toFixed(2)} MiB`,
    ],
  };
}

function iterateLines({ rows, seconds, base, most, batch, maxRss }: IterateReport): readonly Measurement[] {
  const held = (most - base) / batch;
  return [
    {
      id: 'strategy.iterate.held',
      what: `most that is held while iterating ${rows} rows`,
      unit: 'batches',
      value: held,
      bar: bar('atMost', MOST_BATCHES, 'value', held),
    },
    {
      id: 'strategy.iterate.rss',
      what: 'resident set at its most, collections and benchmark included',
      unit: 'MiB',
      value: maxRss / MIB,
    },
    {
      id: 'strategy.iterate.rows',
      what: 'rows read one by one meanwhile, from the engine',
      unit: 'rows/s',
      value: rows / seconds,
    },
  ];
}

interface ChurnPlan extends ChurnSizes {
  readonly name: string;
  readonly port: ChurnSetup['port'];
}

async function benchChurn(
  { signal, say }: StrategyBench,
  worker: Worker<StrategyMemoryWorker>,
  { settling, queries, name, port }: ChurnPlan,
): Promise<Part> {
  await worker.call('openChurn', { port, callers: CALLERS, abandonedEvery: ABANDONED_EVERY });
  await worker.call('churn', settling);
  const points: ChurnPoint[] = [];
  for (let n = 0; n < POINTS; n += 1) {
    signal.throwIfAborted();
    const point = await worker.call('churn', Math.ceil(queries / POINTS));
    points.push(point);
    say(
      `strategy: ${point.queries} queries (${name}), heap ${(point.held / MIB).toFixed(2)} MiB, RSS ${(point.rss / MIB).toFixed(0)} MiB`,
    );
  }
  await worker.call('closeChurn', null);
  return churnPart(name, queries, points);
}

function churnPart(name: string, queries: number, points: readonly ChurnPoint[]): Part {
  const held = points.map((point) => point.held / MIB);
  const early = median(held.slice(0, COMPARED_POINTS));
  const late = median(held.slice(-COMPARED_POINTS));
  const pinned = Math.max(...points.map((point) => point.pinned));
  const rates = points.map((point) => queries / POINTS / point.seconds);
  const id = `strategy.churn.${name}`;
  const where = name === 'engine' ? 'against the engine' : 'without a network';
  return {
    measurements: [
      {
        id: `${id}.heap`,
        what: `heap after ${queries} queries ${where}, 1 % abandoned`,
        unit: 'MiB',
        value: late,
        spread: spread(held),
        floor: { what: 'early points', value: early },
        ratio: late / early,
        bar: bar('atMost', MOST_GROWTH, 'ratio', late / early),
      },
      {
        id: `${id}.pinned`,
        what: `pins left after a collection, ${where}`,
        unit: '',
        value: pinned,
        bar: bar('atMost', 0, 'value', pinned),
      },
      {
        id: `${id}.rate`,
        what: `queries of one row, ${CALLERS} callers, ${where}`,
        unit: 'queries/s',
        value: median(rates),
        spread: spread(rates),
      },
    ],
    notes: [
      `heap and external memory in MiB over ${points.at(-1)?.queries} queries ${where}, ${points.at(-1)?.abandoned} abandoned after a row: ${held.map((one) => one.toFixed(2)).join(' ')}; ratio: median of the last ${COMPARED_POINTS} of ${POINTS} points by that of the first ${COMPARED_POINTS}`,
    ],
  };
}
