import type { Measurement } from '../../../harness/results.js';
import { type Round, runRounds } from '../../../harness/rounds.js';
import { median, percentile } from '../../../harness/stats.js';
import { alone, type Versus, versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import { LOCK_CONTENDERS } from '../contenders/contender.js';
import type { Part, RedisBench } from '../part.js';
import { contenderNames } from '../peers.js';
import type { LocksWorker, PairsReport } from './protocol.js';

/** One line-up of callers; the bars on time hold for 1, that on the rate for 64. */
export interface PairsSize {
  readonly callers: number;
  readonly slices: number;
  readonly pairsPerSlice: number;
  /** Pairs of each caller on etcd in a round; 0: it does not take part. Default 0. */
  readonly etcdPairs?: number;
}

/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 2;
/** One caller: the median time of a pair by the floor's. */
const MOST_TIME_RATIO = 1.1;
/** Many: pairs/s by the floor's. */
const LEAST_RATE_RATIO = 0.8;
const JUDGED_CALLERS = 64;
/** In ids. */
const NAME_OF = { tooz: 'tooz', etcd: 'etcd3' } as const;

type Rounds = readonly Round<PairsReport>[];
type Figure = (report: PairsReport) => number;

const microsPerPair: Figure = ({ elapsedMs, pairs }) => (elapsedMs * 1000) / pairs;
const microsOfMedian: Figure = ({ latenciesMs }) => median(latenciesMs) * 1000;
const cpu: Figure = ({ cpuUs, pairs }) => cpuUs / pairs;
const pairsPerSecond: Figure = ({ elapsedMs, pairs }) => (pairs / elapsedMs) * 1000;

/** Acquire and release of locks that nobody else wants. */
export async function benchPairs(
  context: RedisBench,
  worker: Worker<LocksWorker>,
  size: PairsSize,
): Promise<Part> {
  const { signal, rounds, say, tooz } = context;
  const { callers, slices, pairsPerSlice, etcdPairs = 0 } = size;
  // Python measures one caller: its lock blocks the thread that waits for an answer.
  const python = callers === 1 ? tooz : null;
  const etcd = etcdPairs > 0 ? context.etcd : null;
  const contenders = ['node', ...(python === null ? [] : ['tooz']), ...(etcd === null ? [] : ['etcd'])];
  const run = async (contender: string): Promise<Round<PairsReport>> => {
    if (contender === 'node') return worker.call('pairs', { contenders: LOCK_CONTENDERS, ...size });
    if (contender === 'etcd')
      return worker.call('pairs', { contenders: ['etcd3'], callers, slices: 1, pairsPerSlice: etcdPairs });
    const series = await python?.call('pairs', { count: slices * pairsPerSlice });
    return series === undefined ? {} : { tooz: fromPython(series.lapsMs, series.cpuUs) };
  };
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) for (const contender of contenders) await run(contender);
  say(`coordination: ${rounds} rounds of acquire and release, ${callers} callers`);
  const done = await runRounds({ contenders, rounds, signal }, run);
  const flat: Rounds = done.valid.map((round) => Object.assign({}, ...Object.values(round)));
  const names = await contenderNames();
  const peers: readonly Peer[] = [
    { id: 'redlock', name: names.redlock, most: 1 },
    { id: 'redis-semaphore', name: names['redis-semaphore'], most: 1 },
    ...(python === null ? [] : [{ id: 'tooz', name: python.name }]),
    ...(etcd === null ? [] : [{ id: 'etcd3', name: names.etcd3 }]),
  ];
  const lacking = [
    ...(callers === 1 && tooz === null ? (['tooz'] as const) : []),
    ...(etcdPairs > 0 && etcd === null ? (['etcd'] as const) : []),
  ];
  const table = { flat, callers, floor: names.floor, peers, lacking };
  return {
    measurements: callers === 1 ? oneCaller(table) : manyCallers(table),
    notes: [
      `acquire + release, ${callers} caller(s) on as many names over one connection: ${flat.length} rounds of ${slices} slices of ${callers * pairsPerSlice} pairs per contender, in turn`,
    ],
  };
}

interface Peer {
  readonly id: string;
  readonly name: string;
  /** Most of Holdfast's time by the peer's. */
  readonly most?: number;
}

interface Table {
  readonly flat: Rounds;
  readonly callers: number;
  readonly floor: string;
  readonly peers: readonly Peer[];
  /** Those that would have taken part. */
  readonly lacking: readonly ('tooz' | 'etcd')[];
}

function oneCaller({ flat, floor, peers, lacking }: Table): readonly Measurement[] {
  const what = 'acquire + release, 1 caller';
  const id = 'coordination.pairs-1';
  const time = { rounds: flat, unit: 'µs', figure: microsOfMedian };
  const toFloor = (of: string, whose: string, more: Partial<Versus<PairsReport>> = {}): Measurement =>
    versus({
      ...time,
      id: `${id}.${of}`,
      what: `${what}: ${whose}`,
      of,
      to: 'floor',
      toWhat: floor,
      ...more,
    });
  return [
    toFloor('holdfast', 'holdfast', { bar: { kind: 'atMost', value: MOST_TIME_RATIO } }),
    ...peers.map((peer) => toFloor(peer.id, peer.name)),
    ...lacking.map((peer) => absent(peer, `${id}.${NAME_OF[peer]}`, 'µs')),
    ...peers.map((peer) =>
      toFloor('holdfast', 'holdfast', {
        id: `${id}.holdfast-to-${peer.id}`,
        to: peer.id,
        toWhat: peer.name,
        ...(peer.most === undefined ? {} : { bar: { kind: 'atMost', value: peer.most } }),
      }),
    ),
    ...lacking.map((peer) => absent(peer, `${id}.holdfast-to-${NAME_OF[peer]}`, 'µs')),
    toFloor('holdfast', 'holdfast, mean', { id: `${id}.mean`, figure: microsPerPair }),
    toFloor('holdfast', 'holdfast, CPU of the process', { id: `${id}.cpu`, figure: cpu }),
  ];
}

function manyCallers({ flat, callers, floor, peers, lacking }: Table): readonly Measurement[] {
  const what = `acquire + release, ${callers} callers`;
  const id = `coordination.pairs-${callers}`;
  const rate = { rounds: flat, unit: 'pairs/s', figure: pairsPerSecond, to: 'floor', toWhat: floor };
  return [
    versus({
      ...rate,
      id: `${id}.holdfast`,
      what: `${what}: holdfast`,
      of: 'holdfast',
      ...(callers === JUDGED_CALLERS ? { bar: { kind: 'atLeast', value: LEAST_RATE_RATIO } } : {}),
    }),
    ...peers.map((peer) =>
      versus({ ...rate, id: `${id}.${peer.id}`, what: `${what}: ${peer.name}`, of: peer.id }),
    ),
    ...lacking.map((peer) => absent(peer, `${id}.${NAME_OF[peer]}`, 'pairs/s')),
    versus({
      ...rate,
      id: `${id}.cpu`,
      what: `${what}: holdfast, CPU of the process per pair`,
      unit: 'µs',
      of: 'holdfast',
      figure: cpu,
    }),
    alone({
      id: `${id}.p99`,
      what: `${what}: holdfast, p99`,
      unit: 'ms',
      rounds: flat,
      of: 'holdfast',
      figure: ({ latenciesMs }) => percentile(latenciesMs, 0.99),
    }),
  ];
}

function fromPython(lapsMs: readonly number[], cpuUs: number): PairsReport {
  const latenciesMs = Float64Array.from(lapsMs);
  return {
    pairs: lapsMs.length,
    elapsedMs: latenciesMs.reduce((sum, lap) => sum + lap, 0),
    cpuUs,
    latenciesMs,
  };
}
