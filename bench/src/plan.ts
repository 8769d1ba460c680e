import { BenchError } from './harness/bench-error.js';
import { type CliSizes, FAULT_LEVELS } from './workloads/cli.js';
import type { ClusterSizes } from './workloads/cluster.js';
import { COORDINATION_FULL, COORDINATION_QUICK } from './workloads/coordination/sizes.js';
import type { CoordinationSizes } from './workloads/coordination.js';
import type { MemorySizes } from './workloads/memory.js';
import { RELIABLE_FULL, RELIABLE_QUICK } from './workloads/reliable/sizes.js';
import type { ReliableSizes } from './workloads/reliable.js';
import { STACK_FULL, STACK_QUICK, type StackSizes } from './workloads/stack/sizes.js';
import { STRATEGY_FULL, STRATEGY_QUICK } from './workloads/strategy/sizes.js';
import type { StrategySizes } from './workloads/strategy.js';

/** How much of each workload is done. */
export interface BenchPlan {
  /** Rounds that must count, of every workload that has rounds. */
  readonly rounds: number;
  readonly quick: boolean;
  readonly cluster: ClusterSizes;
  readonly reliable: ReliableSizes;
  readonly cli: CliSizes;
  readonly memory: MemorySizes;
  readonly coordination: CoordinationSizes;
  readonly strategy: StrategySizes;
  readonly stack: StackSizes;
}

/** What a person may change. */
export interface PlanOptions {
  /** 1 to 1,000. Default 7, quick 2. */
  readonly rounds?: number | undefined;
  /** Shows that everything runs; its figures tell little. Default false. */
  readonly quick?: boolean | undefined;
  /** Whether everything is measured in one run, in a shorter form of each workload. Default false. */
  readonly all?: boolean | undefined;
}

const FULL_ROUNDS = 7;
const QUICK_ROUNDS = 2;
const MOST_ROUNDS = 1_000;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_OPTION`. */
export function resolvePlan(o: PlanOptions = {}): BenchPlan {
  const quick = o.quick ?? false;
  const rounds = o.rounds ?? (quick ? QUICK_ROUNDS : FULL_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS)
    throw new BenchError(
      'INVALID_OPTION',
      `rounds is ${rounds}; give a whole number from 1 to ${MOST_ROUNDS}`,
    );
  const sizes = o.all ? { ...FULL, ...IN_ALL } : FULL;
  return Object.freeze({ rounds, quick, ...(quick ? QUICK : sizes) });
}

type Sizes = Omit<BenchPlan, 'rounds' | 'quick'>;

const CLI: CliSizes = {
  runs: 10,
  ids: 100,
  faults: FAULT_LEVELS,
  extensions: ['on', 'off'],
  mostMs: 600_000,
  atOnce: 1,
};

const FULL: Sizes = {
  cluster: { connections: 64, roundMs: 4_000, warmUpMs: 3_000 },
  reliable: RELIABLE_FULL,
  cli: CLI,
  memory: { settlingSagas: 20_000, sagas: 1_000_000, retentionMs: 1_000 },
  coordination: COORDINATION_FULL,
  strategy: STRATEGY_FULL,
  stack: STACK_FULL,
};

/** What is shorter where it is one of many: as many rounds, of less each. The bars are the same. */
const IN_ALL: Partial<Sizes> = {
  cluster: { connections: 64, roundMs: 1_000, warmUpMs: 1_500 },
  cli: { ...CLI, mostMs: 10_000, atOnce: 3 },
  memory: { settlingSagas: 20_000, sagas: 100_000, retentionMs: 1_000 },
  reliable: {
    ...RELIABLE_FULL,
    roundMs: 1_000,
    warmUpMs: 1_500,
    matrix: { ...RELIABLE_FULL.matrix, sliceMs: 90, faultySliceMs: 90, warmUpMs: 500 },
  },
  coordination: {
    redis: {
      ...COORDINATION_FULL.redis,
      pairs: [
        { callers: 1, slices: 20, pairsPerSlice: 100, etcdPairs: 15 },
        { callers: 16, slices: 6, pairsPerSlice: 40 },
        { callers: 64, slices: 12, pairsPerSlice: 20, etcdPairs: 2 },
      ],
      members: COORDINATION_FULL.redis.members.map((one) => ({ ...one, slices: one.slices / 2 })),
      contended: { ...COORDINATION_FULL.redis.contended, warmUpMs: 200, durationMs: 400 },
      joinLeave: { slices: 10, perSlice: 50 },
      watch: { joins: 30 },
      election: { handOvers: 100, kills: 5, leaseMs: 1_000 },
      etcdElection: { handOvers: 20, kills: 3, leaseMs: 1_000 },
    },
    sqlite: {
      ...COORDINATION_FULL.sqlite,
      crowd: { ...COORDINATION_FULL.sqlite.crowd, durationMs: 600 },
      election: { handOvers: 100, kills: 5, leaseMs: 1_000 },
    },
  },
  strategy: {
    ...STRATEGY_FULL,
    ownCost: { ...STRATEGY_FULL.ownCost, slices: 4 },
    queries: [
      { callers: 1, slices: 10, queriesPerSlice: 20 },
      { callers: 32, slices: 4, queriesPerSlice: 5 },
    ],
    results: STRATEGY_FULL.results.map((one) => ({ ...one, queries: Math.ceil(one.queries / 2) })),
    wire: { slices: 1, batchesPerSlice: 24 },
    memory: {
      ...STRATEGY_FULL.memory,
      churn: { settling: 50_000, queries: 200_000 },
      real: { settling: 500, queries: 2_500 },
    },
    switching: STRATEGY_FULL.switching.map((one) => ({ ...one, switches: one.switches / 2 })),
  },
  stack: {
    ...STACK_FULL,
    redisWants: [100],
    idle: { ...STACK_FULL.idle, sampleMs: 10_000 },
    chaosSeconds: 6,
  },
};

const QUICK: Sizes = {
  cluster: { connections: 64, roundMs: 1_000, warmUpMs: 1_000 },
  reliable: RELIABLE_QUICK,
  cli: { ...CLI, runs: 1, ids: 20, extensions: ['on'], atOnce: 3 },
  memory: { settlingSagas: 6_000, sagas: 10_000, retentionMs: 200 },
  coordination: COORDINATION_QUICK,
  strategy: STRATEGY_QUICK,
  stack: STACK_QUICK,
};
