import { fileURLToPath } from 'node:url';
import { bar, type Measurement } from '../../../harness/results.js';
import { type Round, runRounds, series } from '../../../harness/rounds.js';
import { median, spread } from '../../../harness/stats.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import { type CallsReport, FAKES, type Fake, type OwnCostWorker, WAYS, type Way } from './protocol.js';

export interface OwnCostSizes {
  readonly slices: number;
  readonly callsPerSlice: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 2;
/** µs of CPU that a call may cost beyond the bare one. */
const MOST_US = 2;

const WHATS: Readonly<Record<`${Fake}-${Way}`, string>> = {
  'transport-routed': 'recovery alone, a call of no query',
  'transport-leased': 'recovery alone, a call of a query',
  'channel-routed': 'everything above grpc-js, a call of no query',
  'channel-leased': 'everything above grpc-js, a call for rows, with its signal',
};
const BARE: Readonly<Record<Fake, string>> = {
  transport: 'the fake transport',
  channel: 'bare stub on the fake channel',
};

const cpuPerCall = ({ cpuUs, calls }: CallsReport): number => cpuUs / calls;

/** What the client adds to a call, where nothing is sent. */
export async function benchOwnCost(context: StrategyBench, sizes: OwnCostSizes): Promise<Part> {
  const { signal, rounds, from, say } = context;
  await using worker = await Worker.start<OwnCostWorker>({ script: SCRIPT, from, signal });
  const run = (fake: Fake): Promise<Round<CallsReport>> => worker.call('calls', { fake, ...sizes });
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) for (const fake of FAKES) await run(fake);
  say(`strategy: ${rounds} rounds of calls over a fake`);
  const measurements: Measurement[] = [];
  for (const fake of FAKES) {
    const { valid } = await runRounds({ contenders: [fake], rounds, signal }, () => run(fake));
    const flat = valid.map(({ [fake]: round = {} }) => round);
    for (const way of WAYS) measurements.push(added(fake, way, flat));
  }
  const { slices, callsPerSlice } = sizes;
  return {
    measurements,
    notes: [
      `own cost: CPU of the process per call, the client's less the bare one's of the same round; ${rounds} rounds of ${slices} slices of ${callsPerSlice} calls of each, in turn, of which the one that took the least counts`,
    ],
  };
}

function added(fake: Fake, way: Way, rounds: readonly Round<CallsReport>[]): Measurement {
  const bare = series(rounds, `bare-${way}`, cpuPerCall);
  const beyond = series(rounds, way, cpuPerCall).map((us, n) => us - (bare[n] ?? Number.NaN));
  const value = median(beyond);
  return {
    id: `strategy.own-cost.${fake}.${way}`,
    what: `own cost: ${WHATS[`${fake}-${way}`]}`,
    unit: 'µs',
    value,
    spread: spread(beyond),
    floor: { what: `${BARE[fake]}, not counted`, value: median(bare) },
    bar: bar('atMost', MOST_US, 'value', value),
  };
}
