import type { BenchContext } from '../harness/context.js';
import type { WorkloadResult } from '../harness/results.js';
import type { CrewSize } from './reliable/crew-size.js';
import { benchManyCallers, type ManyCallersSizes } from './reliable/many-callers.js';
import { benchMatrix, type MatrixSizes } from './reliable/matrix/matrix.js';
import { benchOneCaller } from './reliable/one-caller.js';
import type { Part } from './reliable/part.js';

/** How much of it is done. */
export interface ReliableSizes extends ManyCallersSizes {
  /** Creates of one side in one round of the single caller. */
  readonly seriesCount: number;
  readonly crews: readonly CrewSize[];
  readonly matrix: MatrixSizes;
}

/** Processes, callers and bars as the contract has them. */
export const CREWS: readonly CrewSize[] = [
  { processes: 1, callers: 64, leastRatio: 0.55 },
  { processes: 4, callers: 64, leastRatio: 0.7 },
  { processes: 4, callers: 16, leastRatio: 0.55 },
];

/**
 * Creates through the connector with its durable journal against the bare requests that they consist of, and beside what
 * else one would write, with and without faults.
 */
export async function benchReliable(context: BenchContext, sizes: ReliableSizes): Promise<WorkloadResult> {
  const parts: Part[] = [await benchOneCaller(context, sizes.seriesCount)];
  for (const crew of sizes.crews) parts.push(await benchManyCallers(context, crew, sizes));
  parts.push(await benchMatrix(context, sizes.matrix));
  return {
    workload: 'reliable',
    measurements: parts.flatMap((part) => part.measurements),
    notes: parts.flatMap((part) => part.notes),
  };
}
