import { join } from 'node:path';
import { nowMs } from '../harness/clock.js';
import type { BenchContext } from '../harness/context.js';
import { appEntry, type Entry } from '../harness/entries.js';
import { bar, type Measurement, type WorkloadResult } from '../harness/results.js';
import { spread } from '../harness/stats.js';
import { startCluster } from '../servers/cluster.js';
import { type JobRun, runJob } from './cli/run-job.js';

/** How much of it is done. */
export interface CliSizes {
  /** Of each fault rate, at most. */
  readonly runs: number;
  /** Ms after which a fault rate begins no further run, once it has had two. */
  readonly mostMs: number;
  /** Fault rates that are measured at the same time: the high ones mostly wait. */
  readonly atOnce: number;
  /** Ids 0 to `ids - 1`; the bars hold for 100. */
  readonly ids: number;
  readonly faults: readonly FaultLevel[];
  readonly extensions: readonly ('on' | 'off')[];
}

/** A fault rate and what 100 ids may take at it. */
export interface FaultLevel {
  readonly rate: number;
  readonly mostSeconds: number;
}

/** Rates and bars as the contract has them. */
export const FAULT_LEVELS: readonly FaultLevel[] = [
  { rate: 0.2, mostSeconds: 5 },
  { rate: 0.5, mostSeconds: 20 },
  { rate: 0.8, mostSeconds: 60 },
];

const COMMANDS = ['create', 'delete'] as const;
const FEWEST_RUNS = 2;

/** `job create` and `job delete` as a user starts them, on a cluster that fails; the worst of all runs is judged. */
export async function benchCli(context: BenchContext, sizes: CliSizes): Promise<WorkloadResult> {
  const entry = await appEntry('job-cli', ['packages/reliable-connector']);
  const measurements: Measurement[] = [];
  const orders = sizes.extensions.flatMap((extensions) =>
    sizes.faults.map((level): LevelOrder => ({ entry, sizes, level, extensions })),
  );
  const done = new Map<LevelOrder, Runs>();
  const waiting = orders.toSorted((a, b) => b.level.rate - a.level.rate);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      done.set(next, await runLevel(context, next));
  };
  await Promise.all(Array.from({ length: sizes.atOnce }, lane));
  const counts = orders.map((order) => done.get(order)?.create.length ?? 0);
  const notes = [
    `runs by fault rate and extensions: ${counts.join(', ')}, of ${sizes.ids} ids each, start of the process included; the value is the worst run`,
    ...(sizes.atOnce > 1 ? [`${sizes.atOnce} fault rates at a time, which makes each slower`] : []),
    `job from ${entry.shown}`,
  ];
  for (const order of orders) {
    const runs = done.get(order) ?? { create: [], delete: [] };
    measurements.push(...COMMANDS.map((command) => judge(command, runs[command], order)));
    notes.push(
      ...COMMANDS.flatMap((command) => complaint(command, runs[command], order.level.rate, order.extensions)),
    );
  }
  return { workload: 'cli', measurements, notes };
}

interface LevelOrder {
  readonly entry: Entry;
  readonly sizes: CliSizes;
  readonly level: FaultLevel;
  readonly extensions: 'on' | 'off';
}

type Runs = Readonly<Record<(typeof COMMANDS)[number], JobRun[]>>;

async function runLevel({ scratch, signal, say }: BenchContext, order: LevelOrder): Promise<Runs> {
  const { entry, sizes, level, extensions } = order;
  await using cluster = await startCluster({ scratch, extensions, faultRate: level.rate, signal });
  const folder = await scratch.folder(`job-${level.rate}`);
  const runs: Runs = { create: [], delete: [] };
  say(
    `cli: fault rate ${level.rate}, extensions ${extensions}, up to ${sizes.runs} runs of create and delete`,
  );
  const endsAt = nowMs() + sizes.mostMs;
  for (let n = 0; n < sizes.runs && (n < FEWEST_RUNS || nowMs() < endsAt); n += 1) {
    for (const command of COMMANDS) {
      const args = [command, '--to', String(sizes.ids - 1), '--quiet'];
      const { nodes } = cluster;
      runs[command].push(
        await runJob({ entry, args, nodes, folder, journal: join(folder, 'journal.db'), signal }),
      );
    }
  }
  return runs;
}

function judge(
  command: string,
  runs: readonly JobRun[],
  { level, extensions }: Pick<LevelOrder, 'level' | 'extensions'>,
): Measurement {
  const seconds = spread(runs.map((run) => run.seconds));
  const worst = runs.every((run) => run.exitCode === 0) ? seconds.most : Number.NaN;
  return {
    id: `cli.${command}.fault-${level.rate}.extensions-${extensions}`,
    what: `job ${command}, fault rate ${level.rate}, extensions ${extensions}`,
    unit: 's',
    value: worst,
    spread: seconds,
    bar: bar('atMost', level.mostSeconds, 'value', worst),
  };
}

function complaint(command: string, runs: readonly JobRun[], rate: number, extensions: string): string[] {
  const failed = runs.filter((run) => run.exitCode !== 0);
  const [first] = failed;
  if (first === undefined) return [];
  const said = first.stderr.trim().split('\n').at(-1) ?? '';
  return [
    `FAILED: job ${command} at ${rate}, extensions ${extensions}: ${failed.length} of ${runs.length} runs, exit ${first.exitCode}: ${said}`,
  ];
}
