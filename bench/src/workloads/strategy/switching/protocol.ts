export interface LoadOrder {
  /** Of the router, on the loopback. */
  readonly port: number;
  readonly callers: number;
  /** Rows of each query. */
  readonly rows: number;
}

/** Queries by number, in the order of their ends. Times are those of `hostMs`. */
export interface LoadReport {
  readonly begunAt: Float64Array;
  /** When the engine had executed it. */
  readonly executedAt: Float64Array;
  readonly endedAt: Float64Array;
  /** 1 for those that ran on green. */
  readonly wasGreen: Uint8Array;
  /** What became of the others; the first few. */
  readonly failures: readonly string[];
  readonly failed: number;
}

/** The worker of this part. */
export interface SwitchingWorker {
  /** Keeps callers at work until `stop`. */
  load(order: LoadOrder): Promise<LoadReport>;
  stop(nothing: null): Promise<void>;
}
