import type { BenchContext } from '../../harness/context.js';
import { bar } from '../../harness/results.js';
import { runRounds, series } from '../../harness/rounds.js';
import { median, percentile, spread } from '../../harness/stats.js';
import type { Part } from './part.js';
import type { SeriesReport, Side } from './worker-protocol.js';
import { startCrew } from './workers.js';

const MOST_RATIO = 1.25;
const SIDES = ['floor', 'journaled'] as const;
/** The one contender of a round: both sides, create by create. */
const BOTH = 'both';

const at =
  (side: Side, share: number) =>
  ({ latenciesMs }: SeriesReport): number =>
    percentile(latenciesMs[side] ?? [], share);

/**
 * One caller, one process: p50 of a create against p50 of three bare requests in parallel between two small durable
 * writes, which no durable two-phase write can go below.
 */
export async function benchOneCaller(context: BenchContext, count: number): Promise<Part> {
  const { signal, rounds } = context;
  await using crew = await startCrew(context, 1);
  const run = async (prefix: string, sides: readonly Side[]): Promise<SeriesReport> => {
    const [worker] = crew.workers;
    if (worker === undefined) throw new Error('there is no worker');
    return worker.call('series', { sides, count, prefix });
  };
  await run('warm', SIDES);
  context.say(`reliable, one caller: ${rounds} rounds of 2 × ${count} creates`);
  const { valid } = await runRounds({ contenders: [BOTH], rounds, signal }, (_, n) =>
    run(`r${n}`, n % 2 === 0 ? SIDES : SIDES.toReversed()),
  );

  const failed = series(valid, BOTH, (one) => one.failed).reduce((sum, one) => sum + one, 0);
  const values = series(valid, BOTH, at('journaled', 0.5));
  const floors = series(valid, BOTH, at('floor', 0.5));
  const toFloor = values.map((value, n) => value / (floors[n] ?? Number.NaN));
  const tails = series(valid, BOTH, at('journaled', 0.99));
  const what = 'three requests + two fdatasyncs';
  return {
    measurements: [
      {
        id: 'reliable.1x1.p50',
        what: 'create, 1 process × 1 caller, p50',
        unit: 'ms',
        value: median(values),
        spread: spread(values),
        floor: { what, value: median(floors) },
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
        floor: { what, value: median(series(valid, BOTH, at('floor', 0.99))) },
      },
    ],
    notes: [
      `1 × 1: ${valid.length} pairs of ${count} creates, the sides create by create, cluster-sim from ${crew.shown}`,
      ...(failed > 0 ? [`DOUBTFUL: 1 × 1: ${failed} creates failed`] : []),
    ],
  };
}
