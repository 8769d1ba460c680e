import { fileURLToPath } from 'node:url';
import { bar, type Measurement } from '../../../harness/results.js';
import { type Round, ratios, runRounds } from '../../../harness/rounds.js';
import { median, merged } from '../../../harness/stats.js';
import { type Versus, versus } from '../../../harness/versus.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import { type EndToEndWorker, QUERIERS, type Querier, type QueriesReport } from './protocol.js';
import { CALLS_PER_QUERY, STATEMENT } from './statement.js';

export interface QueriesSize {
  readonly callers: number;
  readonly slices: number;
  /** Of each caller in each slice. */
  readonly queriesPerSlice: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 2;
/** Of the client's time to the bare one's, beside what two bare ones differ. */
const MOST_RATIO = 1.02;
/** Queries over which calls are counted. */
const COUNTED = 100;
const FLOOR = 'bare stub, same calls';

type Rounds = readonly Round<QueriesReport>[];
type Figure = (report: QueriesReport) => number;

const medianMs: Figure = ({ latenciesMs }) => median(latenciesMs);
const msPerQuery: Figure = ({ elapsedMs, queries }) => elapsedMs / queries;
const cpuPerCall: Figure = ({ cpuUs, queries }) => cpuUs / queries / CALLS_PER_QUERY;

/** Queries against the engine in a process of its own: the client beside a bare stub that sends the same calls. */
export async function benchEndToEnd(context: StrategyBench, sizes: readonly QueriesSize[]): Promise<Part> {
  const { signal, from, engine } = context;
  await using worker = await Worker.start<EndToEndWorker>({ script: SCRIPT, from, signal });
  await worker.call('open', { port: engine.port });
  const parts: Part[] = [];
  for (const size of sizes) parts.push(await benchSize(context, worker, size));
  parts.push(await countCalls(context, worker));
  await worker.call('close', null);
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [
      `end to end: ${STATEMENT}; the stub leaves the rows as bytes; A/A spread: the median over the rounds of what two bare ones differ`,
      ...parts.flatMap(({ notes }) => notes),
    ],
  };
}

async function benchSize(
  { signal, rounds, say }: StrategyBench,
  worker: Worker<EndToEndWorker>,
  size: QueriesSize,
): Promise<Part> {
  const run = (): Promise<Round<QueriesReport>> => worker.call('queries', { queriers: QUERIERS, ...size });
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) await run();
  const { callers, slices, queriesPerSlice } = size;
  say(`strategy: ${rounds} rounds of queries, ${callers} caller(s)`);
  const { valid } = await runRounds({ contenders: ['all'], rounds, signal }, run);
  const flat = valid.map(({ all = {} }) => withBoth(all));
  return {
    measurements: lines(callers, flat),
    notes: [
      `${callers} caller(s): ${flat.length} rounds of ${slices} slices of ${callers * queriesPerSlice} queries of bare, client, bare, in turn`,
    ],
  };
}

/** What the client is held against: both bare ones of its round. */
function withBoth(round: Round<QueriesReport>): Round<QueriesReport> {
  const { bare, 'bare-again': again } = round;
  if (bare === undefined || again === undefined) return round;
  const both: QueriesReport = {
    queries: bare.queries + again.queries,
    elapsedMs: bare.elapsedMs + again.elapsedMs,
    cpuUs: bare.cpuUs + again.cpuUs,
    latenciesMs: merged([bare.latenciesMs, again.latenciesMs]),
  };
  return { ...round, both };
}

function lines(callers: number, rounds: Rounds): readonly Measurement[] {
  const id = `strategy.query-${callers}`;
  const what = `query of one row, ${callers} caller(s)`;
  // One caller: the median, as what else the machine does meets few queries. Many: they are under way all the time.
  const figure = callers === 1 ? medianMs : msPerQuery;
  const time = { rounds, unit: 'ms', figure, of: 'client', to: 'both', toWhat: FLOOR };
  const differences = ratios(rounds, ['bare-again', 'bare'], figure).map((ratio) => Math.abs(ratio - 1));
  const most = Math.round((MOST_RATIO + median(differences)) * 1000) / 1000;
  const line = (more: Partial<Versus<QueriesReport>> & { readonly id: string; readonly what: string }) =>
    versus({ ...time, ...more });
  return [
    line({ id: `${id}.time`, what, bar: { kind: 'atMost', value: most } }),
    line({
      id: `${id}.a-a`,
      what: `${what}: bare by bare (A/A)`,
      of: 'bare-again',
      to: 'bare',
      toWhat: 'itself',
    }),
    line({
      id: `${id}.cpu`,
      what: `${what}: CPU of the client's process per call`,
      unit: 'µs',
      figure: cpuPerCall,
    }),
  ];
}

/** In steady state a query costs its own calls and no other. */
async function countCalls({ engine }: StrategyBench, worker: Worker<EndToEndWorker>): Promise<Part> {
  const callsOf = async (querier: Querier): Promise<number> => {
    const before = total((await engine.idle()).calls);
    await worker.call('queries', { queriers: [querier], callers: 1, slices: 1, queriesPerSlice: COUNTED });
    return (total((await engine.idle()).calls) - before) / COUNTED;
  };
  const value = await callsOf('client');
  const bare = await callsOf('bare');
  return {
    measurements: [
      {
        id: 'strategy.query.calls',
        what: 'calls that the engine was given per query',
        unit: '',
        value,
        floor: { what: FLOOR, value: bare },
        bar: bar('atMost', CALLS_PER_QUERY, 'value', value),
      },
    ],
    notes: value === bare ? [] : [`DOUBTFUL: the client sent ${value} calls per query, the stub ${bare}`],
  };
}

function total(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((sum, one) => sum + one, 0);
}
