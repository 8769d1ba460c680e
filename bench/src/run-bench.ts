import { curvesOf } from './fit/curves.js';
import { instant, nowMs } from './harness/clock.js';
import type { BenchContext } from './harness/context.js';
import { currentLoad, describeMachine } from './harness/machine.js';
import type { BenchReport, WorkloadResult } from './harness/results.js';
import { makeScratch } from './harness/scratch.js';
import type { BenchPlan } from './plan.js';
import { benchCli } from './workloads/cli.js';
import { benchCluster } from './workloads/cluster.js';
import { benchCoordination } from './workloads/coordination.js';
import { benchMemory } from './workloads/memory.js';
import { benchReliable } from './workloads/reliable.js';
import { benchStack } from './workloads/stack.js';
import { benchStrategy } from './workloads/strategy.js';

/** What can be measured, in the order in which `all` does it. */
export const WORKLOADS = [
  'cluster',
  'reliable',
  'cli',
  'memory',
  'coordination',
  'strategy',
  'stack',
] as const;

export type WorkloadName = (typeof WORKLOADS)[number];

export interface BenchOptions {
  readonly workloads: readonly WorkloadName[];
  readonly plan: BenchPlan;
  /** Parent of the scratch folder. Default: the system's folder for temporary files. */
  readonly dataDir?: string | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Hears of each workload as it ends. */
  readonly onResult?: (result: WorkloadResult) => void;
}

/** Runs workloads one after the other. Rejects when one could not run; a missed bar is a result. */
export async function runBench(o: BenchOptions): Promise<BenchReport> {
  await using scratch = await makeScratch(o.dataDir);
  const { plan, signal, say } = o;
  const context: BenchContext = { scratch, rounds: plan.rounds, signal, say };
  const startedAt = instant();
  const machine = await describeMachine(scratch.path);
  const workloads: WorkloadResult[] = [];
  for (const name of o.workloads) {
    const begunAt = nowMs();
    const found = await run(name, context, plan);
    const result = { ...found, seconds: Math.round((nowMs() - begunAt) / 1000) };
    workloads.push(result);
    o.onResult?.(result);
  }
  const { quick, rounds } = plan;
  const curves = curvesOf(workloads);
  return { startedAt, machine, quick, rounds, workloads, curves, loadAtEnd: currentLoad() };
}

function run(name: WorkloadName, context: BenchContext, plan: BenchPlan): Promise<WorkloadResult> {
  switch (name) {
    case 'cluster':
      return benchCluster(context, plan.cluster);
    case 'reliable':
      return benchReliable(context, plan.reliable);
    case 'cli':
      return benchCli(context, plan.cli);
    case 'memory':
      return benchMemory(context, plan.memory);
    case 'coordination':
      return benchCoordination(context, plan.coordination);
    case 'strategy':
      return benchStrategy(context, plan.strategy);
    case 'stack':
      return benchStack(context, plan.stack);
  }
}
