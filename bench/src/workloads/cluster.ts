import type { BenchContext } from '../harness/context.js';
import { type Bar, bar, type Measurement, type WorkloadResult } from '../harness/results.js';
import { type Round, ratios, runRounds, series } from '../harness/rounds.js';
import { median, spread } from '../harness/stats.js';
import { chooseGenerator } from '../load/generators.js';
import type { LoadReport } from '../load/load.js';
import { startBare } from '../servers/bare.js';
import { startCluster } from '../servers/cluster.js';

/** How much of it is done. */
export interface ClusterSizes {
  readonly connections: number;
  /** Of one contender in one round; wrk knows whole seconds only. */
  readonly roundMs: number;
  /** Before the first round, per contender; 0: none. */
  readonly warmUpMs: number;
}

const LEAST_RATIO = 0.2;
const LEAST_PER_SECOND = 8_000;
/**
 * Replies with an error status beyond this share, and beyond one for each connection of each round, whose first read may
 * overtake the write, would mean that something else was measured.
 */
const ERROR_SHARE = 0.01;

const BARE = 'bare';
const CONTENDERS = [BARE, 'on', 'off'] as const;

/** Requests/s of cluster-sim, extensions on and off, against bare Fastify routes in the same rounds. */
export async function benchCluster(context: BenchContext, sizes: ClusterSizes): Promise<WorkloadResult> {
  const { scratch, signal, say } = context;
  const generator = await chooseGenerator();
  await using bare = await startBare({ scratch, signal });
  await using on = await startCluster({ scratch, extensions: 'on', faultRate: 0, signal });
  await using off = await startCluster({ scratch, extensions: 'off', faultRate: 0, signal });
  const urls: Readonly<Record<string, string>> = { [BARE]: bare.url, on: on.url, off: off.url };

  const load = (contender: string, prefix: string, durationMs: number): Promise<LoadReport> =>
    generator.run({
      url: urls[contender] ?? '',
      connections: sizes.connections,
      durationMs,
      prefix: `${prefix}-`,
      signal,
    });
  if (sizes.warmUpMs > 0) for (const contender of CONTENDERS) await load(contender, 'warm', sizes.warmUpMs);
  say(`cluster: ${context.rounds} rounds of ${CONTENDERS.length} × ${sizes.roundMs} ms`);
  const { valid } = await runRounds(
    { contenders: CONTENDERS, rounds: context.rounds, signal },
    (contender, n) => load(contender, `r${n}`, sizes.roundMs),
  );

  const notes = [
    `${valid.length} rounds, ${sizes.connections} connections, 50 % POST, 30 % GET, 20 % DELETE, load by ${generator.name}`,
    `cluster-sim from ${on.shown}, log at info into a file, metrics and applied log on`,
    ...CONTENDERS.flatMap((contender) => complaint(contender, valid, sizes.connections * valid.length)),
  ];
  return {
    workload: 'cluster',
    measurements: [
      floor(valid),
      ...(['on', 'off'] as const).flatMap((extensions) => contender(extensions, valid)),
    ],
    notes,
  };
}

const perSecond = (report: LoadReport): number => (report.requests / report.durationUs) * 1e6;

function floor(rounds: readonly Round<LoadReport>[]): Measurement {
  const rates = series(rounds, BARE, perSecond);
  return {
    id: 'cluster.bare.requests',
    what: 'bare fastify',
    unit: 'requests/s',
    value: median(rates),
    spread: spread(rates),
  };
}

function contender(extensions: 'on' | 'off', rounds: readonly Round<LoadReport>[]): Measurement[] {
  const rates = series(rounds, extensions, perSecond);
  const toBare = ratios(rounds, [extensions, BARE], perSecond);
  const p99 = series(rounds, extensions, (report) => report.p99Us / 1000);
  const id = `cluster.extensions-${extensions}`;
  const what = `cluster-sim, extensions ${extensions}`;
  const value = median(rates);
  const common = { unit: 'requests/s', value, spread: spread(rates) };
  const measured = (part: string, judged: Bar): Measurement => ({
    id: `${id}.${part}`,
    what,
    ...common,
    bar: judged,
  });
  return [
    {
      ...measured('ratio', bar('atLeast', LEAST_RATIO, 'ratio', median(toBare))),
      floor: { what: 'bare', value: median(series(rounds, BARE, perSecond)) },
      ratio: median(toBare),
      ratioSpread: spread(toBare),
    },
    measured('requests', bar('atLeast', LEAST_PER_SECOND, 'value', value)),
    { id: `${id}.p99`, what: `${what}, p99`, unit: 'ms', value: median(p99), spread: spread(p99) },
  ];
}

function complaint(contender: string, rounds: readonly Round<LoadReport>[], overtaken: number): string[] {
  const requests = series(rounds, contender, (one) => one.requests).reduce((sum, one) => sum + one, 0);
  const errors = series(rounds, contender, (one) => one.errorStatus).reduce((sum, one) => sum + one, 0);
  const broken = series(rounds, contender, (one) => one.broken).reduce((sum, one) => sum + one, 0);
  if (errors <= Math.max(requests * ERROR_SHARE, overtaken) && broken === 0) return [];
  return [`DOUBTFUL: ${contender} gave ${errors} error replies and ${broken} broken ones of ${requests}`];
}
