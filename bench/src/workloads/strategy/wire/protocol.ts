import type { Round } from '../../../harness/rounds.js';

/** What is done with a batch; `floor` only where there is one. */
export type Action = 'decode' | 'encode' | 'floor';

/** One kind of batch, again and again; actions in turn, slice by slice. */
export interface BatchesOrder {
  readonly sample: string;
  readonly slices: number;
  readonly batchesPerSlice: number;
}

export interface BatchesReport {
  readonly rows: number;
  readonly elapsedMs: number;
}

/** The worker of this part. */
export interface WireWorker {
  /** By action. */
  batches(order: BatchesOrder): Promise<Round<BatchesReport>>;
}
