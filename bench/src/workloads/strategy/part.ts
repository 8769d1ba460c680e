import type { BenchContext } from '../../harness/context.js';
import type { Measurement } from '../../harness/results.js';
import type { EngineProcess } from '../../servers/engine.js';

/** What one part of the workload has found. */
export interface Part {
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

/** What all parts share. */
export interface StrategyBench extends BenchContext {
  /** Arguments for node by which its workers get the package. */
  readonly from: readonly string[];
  readonly engine: EngineProcess;
}
