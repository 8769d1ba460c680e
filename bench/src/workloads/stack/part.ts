import type { Measurement } from '../../harness/results.js';

/** What one part of the workload has found. */
export interface Part {
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}
