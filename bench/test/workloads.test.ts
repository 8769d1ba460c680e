import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../src/command.js';
import type { BenchReport } from '../src/harness/results.js';
import { type BenchPlan, resolvePlan } from '../src/plan.js';
import { WORKLOADS, type WorkloadName } from '../src/run-bench.js';
import { BASE } from '../src/workloads/reliable/matrix/point.js';
import { COORDINATION_IDS, MAY_BE_ABSENT } from './coordination-ids.js';
import { RELIABLE_IDS } from './reliable-ids.js';
import { STACK_IDS } from './stack-ids.js';
import { STRATEGY_IDS } from './strategy-ids.js';

/** The quick plan at sizes that only show that it all fits together. */
const TINY: BenchPlan = {
  ...resolvePlan({ quick: true, rounds: 1 }),
  cluster: { connections: 4, roundMs: 1_000, warmUpMs: 0 },
  reliable: {
    crews: [{ processes: 2, callers: 2, leastRatio: 0.5 }],
    seriesCount: 5,
    roundMs: 400,
    warmUpMs: 100,
    matrix: {
      points: [
        { ...BASE, callers: 2 },
        { ...BASE, nodes: 2, callers: 2, faultRate: 0.1, lostReplyRate: 0.1, delayMs: 1 },
      ],
      sliceMs: 30,
      faultySliceMs: 30,
      warmUpMs: 30,
    },
  },
  cli: { runs: 1, ids: 3, faults: [{ rate: 0.2, mostSeconds: 5 }], extensions: ['on'], mostMs: 0, atOnce: 2 },
  memory: { settlingSagas: 0, sagas: 200, retentionMs: 50 },
  coordination: {
    redis: {
      pairs: [
        { callers: 1, slices: 2, pairsPerSlice: 5, etcdPairs: 2 },
        { callers: 4, slices: 2, pairsPerSlice: 5, etcdPairs: 1 },
      ],
      contended: { waiters: [3], rounds: 1, warmUpMs: 50, durationMs: 300 },
      joinLeave: { slices: 2, perSlice: 3 },
      members: [
        { members: 2, slices: 2, perSlice: 2, toozReads: 1 },
        { members: 5, slices: 2, perSlice: 2, toozReads: 0 },
      ],
      heartbeat: [{ locks: 3, count: 2, toozCount: 1 }],
      watch: { joins: 3 },
      election: { handOvers: 2, kills: 1, leaseMs: 300 },
      etcdElection: { handOvers: 2, kills: 0, leaseMs: 1_000 },
      cycles: { settling: 20, cycles: 40, callers: 4 },
    },
    sqlite: {
      pairs: [{ callers: 2, slices: 2, pairsPerSlice: 5 }],
      crowd: { processes: 2, rounds: 1, durationMs: 300 },
      election: { handOvers: 2, kills: 0, leaseMs: 300 },
    },
  },
  strategy: {
    ownCost: { slices: 1, callsPerSlice: 200 },
    queries: [
      { callers: 1, slices: 1, queriesPerSlice: 3 },
      { callers: 4, slices: 1, queriesPerSlice: 2 },
    ],
    results: [
      { rows: 1, queries: 2 },
      { rows: 100, queries: 1 },
    ],
    wire: { slices: 1, batchesPerSlice: 1 },
    memory: {
      iterate: { rows: 20_000 },
      churn: { settling: 100, queries: 300 },
      real: { settling: 16, queries: 20 },
    },
    switching: [
      { rows: 1, callers: 2, switches: 1, steadyMs: 100 },
      { rows: 100, callers: 2, switches: 2, steadyMs: 100 },
    ],
  },
  stack: {
    wants: [3],
    redisWants: [],
    redis: false,
    idle: { settleMs: 0, sampleMs: 100, ids: 2 },
    elections: 1,
    leaseMs: 500,
    chaosSeconds: 0,
  },
};

const EXPECTED: Readonly<Record<WorkloadName, readonly string[]>> = {
  cluster: [
    'cluster.bare.requests',
    'cluster.extensions-on.ratio',
    'cluster.extensions-on.requests',
    'cluster.extensions-on.p99',
    'cluster.extensions-off.ratio',
    'cluster.extensions-off.requests',
    'cluster.extensions-off.p99',
  ],
  reliable: RELIABLE_IDS,
  cli: ['cli.create.fault-0.2.extensions-on', 'cli.delete.fault-0.2.extensions-on'],
  memory: ['memory.heap', 'memory.file', 'memory.rss', 'memory.sagas'],
  coordination: COORDINATION_IDS,
  strategy: STRATEGY_IDS,
  stack: STACK_IDS,
};

const MAY_BE_NOTHING =
  /\.cycles\.|tooz$|etcd|\.fairness$|\.own-cost\.|\.cpu$|\.a-a$|\.held$|\.switch-\d+\.(rate|p99|failed|doubled)$|\.pinned$|\.(divergent|untrue|success)$|\.fault-0\.1.*\.rate$/;

/** Bars that have nothing to do with time. */
const MUST_BE_MET =
  /^reliable\..*\.holdfast\.(divergent|untrue)$|^strategy\.(query\.calls|switch-.*\.(failed|doubled|authentications)|churn.*\.pinned)$/;

describe('every workload', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(WORKLOADS)(
    '%s runs, writes its figures and leaves nothing behind',
    async (workload) => {
      const printed: string[] = [];
      const json = join(folder, `${workload}.json`);
      const dataDir = join(folder, workload);
      await runCommand({
        workloads: [workload],
        plan: TINY,
        json,
        dataDir,
        save: true,
        results: join(folder, 'results'),
        signal: new AbortController().signal,
        print: (text) => printed.push(text),
        say: () => {},
      });
      const report: BenchReport = JSON.parse(await readFile(json, 'utf8'));
      const [result] = report.workloads;
      const ids = result?.measurements.map(({ id }) => id) ?? [];
      expect(ids.filter((id) => !MAY_BE_ABSENT.test(id))).toEqual(EXPECTED[workload]);
      for (const one of result?.measurements ?? []) {
        // So short a round may be less than one tick of the system's accounts.
        if (one.id.endsWith('server-cpu')) continue;
        // Nothing may be left; a peer may be absent or starve somebody.
        if (MAY_BE_NOTHING.test(one.id)) continue;
        expect(one.value, one.id).toBeGreaterThan(0);
        expect(one.ratio ?? 1, one.id).toBeGreaterThan(0);
      }
      for (const one of result?.measurements ?? [])
        if (MUST_BE_MET.test(one.id)) expect(one.bar?.verdict, one.id).toBe('met');
      expect(result?.notes.filter((note) => /^(DOUBTFUL|FAILED)/.test(note))).toEqual([]);
      expect(report).toMatchObject({ quick: true, rounds: 1, machine: { node: process.version } });
      expect(printed.join('\n')).toContain(`## ${workload}`);
      const charts = await readdir(join(folder, 'results/charts'));
      expect(charts).toContain(`${workload}-bars.svg`);
      expect(await readdir(dataDir)).toEqual([]);
    },
    240_000,
  );
});
