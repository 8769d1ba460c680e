import type { BenchContext } from '../../harness/context.js';
import { bar, type Measurement } from '../../harness/results.js';
import { ratios, runRounds, series } from '../../harness/rounds.js';
import { median, percentile, spread } from '../../harness/stats.js';
import type { SeriesReport } from './worker-protocol.js';
import { startCrew } from './workers.js';

/** What one workload part has found. */
export interface Part {
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

const MOST_RATIO = 1.25;
const SIDES = ['floor', 'journaled'] as const;

const p50 = (report: SeriesReport): number => percentile(report.latenciesMs, 0.5);
const p99 = (report: SeriesReport): number => percentile(report.latenciesMs, 0.99);

/**
 * One caller, one process: p50 of a create against p50 of three bare requests in parallel between two small durable
 * writes, which no durable two-phase write can go below.
 */
export async function benchOneCaller(context: BenchContext, count: number): Promise<Part> {
  await using crew = await startCrew(context, 1);
  const run = async (side: string, prefix: string): Promise<SeriesReport> => {
    const [worker] = crew.workers;
    if (worker === undefined) throw new Error('there is no worker');
    return worker.call('series', { side: side === 'floor' ? 'floor' : 'journaled', count, prefix });
  };
  for (const side of SIDES) await run(side, `warm-${side}`);
  context.say(`reliable, one caller: ${context.rounds} rounds of 2 × ${count} creates`);
  const { signal, rounds } = context;
  const { valid } = await runRounds({ contenders: SIDES, rounds, signal }, (side, n) =>
    run(side, `${side}-${n}`),
  );

  const failed = SIDES.flatMap((side) => series(valid, side, (one) => one.failed)).reduce((a, b) => a + b, 0);
  const toFloor = ratios(valid, ['journaled', 'floor'], p50);
  const values = series(valid, 'journaled', p50);
  const tails = series(valid, 'journaled', p99);
  const what = 'three requests + two fdatasyncs';
  return {
    measurements: [
      {
        id: 'reliable.1x1.p50',
        what: 'create, 1 process × 1 caller, p50',
        unit: 'ms',
        value: median(values),
        spread: spread(values),
        floor: { what, value: median(series(valid, 'floor', p50)) },
        ratio: median(toFloor),
        ratioSpread: spread(toFloor),
        bar: bar('atMost', MOST_RATIO, 'ratio', median(toFloor)),
      },
      {
        id: 'reliable.1x1.p99',
        what: 'create, 1 process × 1 caller, p99',
        unit: 'ms',
        value: median(tails),
        spread: spread(tails),
        floor: { what, value: median(series(valid, 'floor', p99)) },
      },
    ],
    notes: [
      `1 × 1: ${valid.length} pairs of ${count} creates, cluster-sim from ${crew.shown}`,
      ...(failed > 0 ? [`DOUBTFUL: 1 × 1: ${failed} creates failed`] : []),
    ],
  };
}
