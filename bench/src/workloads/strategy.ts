import type { BenchContext } from '../harness/context.js';
import { onMember } from '../harness/entries.js';
import type { WorkloadResult } from '../harness/results.js';
import { EngineProcess } from '../servers/engine.js';
import { benchEndToEnd, type QueriesSize } from './strategy/end-to-end/end-to-end.js';
import { benchStrategyMemory, type StrategyMemorySizes } from './strategy/memory/memory.js';
import { benchOwnCost, type OwnCostSizes } from './strategy/own-cost/own-cost.js';
import type { Part } from './strategy/part.js';
import type { ResultsOrder } from './strategy/results/protocol.js';
import { benchResults } from './strategy/results/results.js';
import { benchSwitching, type SwitchingSize } from './strategy/switching/switching.js';
import { benchWire, type WireSizes } from './strategy/wire/wire.js';

/** How much of it is done. */
export interface StrategySizes {
  readonly ownCost: OwnCostSizes;
  readonly queries: readonly QueriesSize[];
  readonly results: readonly ResultsOrder[];
  readonly wire: WireSizes;
  readonly memory: StrategyMemorySizes;
  readonly switching: readonly SwitchingSize[];
}

/** The strategy client: what it costs beside a bare stub, how fast it reads rows, what it holds, and a switch under load. */
export async function benchStrategy(context: BenchContext, sizes: StrategySizes): Promise<WorkloadResult> {
  const { signal } = context;
  const { args: from, shown } = await onMember('packages/strategy-client', ['apps/engine-mock']);
  await using engine = await EngineProcess.start({ from, signal });
  const bench = { ...context, from, engine };
  const parts: Part[] = [
    await benchOwnCost(bench, sizes.ownCost),
    await benchEndToEnd(bench, sizes.queries),
    await benchResults(bench, sizes.results),
    await benchWire(bench, sizes.wire),
    await benchStrategyMemory(bench, sizes.memory),
    await benchSwitching(bench, sizes.switching),
  ];
  return {
    workload: 'strategy',
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [`@holdfast/strategy-client from ${shown}`, ...parts.flatMap(({ notes }) => notes)],
  };
}
