/** Memory is in bytes: JavaScript's heap after a full collection, with what lies outside of it. */

export interface IterateOrder {
  /** Of the router, on the loopback. */
  readonly port: number;
  readonly rows: number;
  /** Rows between two looks. */
  readonly every: number;
}

export interface IterateReport {
  readonly rows: number;
  readonly seconds: number;
  /** Before the query. */
  readonly base: number;
  /** The most that was held at any look. */
  readonly most: number;
  /** What one batch takes, as rows and as bytes. */
  readonly batch: number;
  readonly maxRss: number;
}

export interface ChurnSetup {
  /** Of the router, on the loopback; null: an engine within the worker, so that it costs no network. */
  readonly port: number | null;
  readonly callers: number;
  /** One query in so many is left after its first row, and neither read to the end nor closed. */
  readonly abandonedEvery: number;
}

/** What is held while nothing is under way. */
export interface ChurnPoint {
  readonly queries: number;
  readonly abandoned: number;
  readonly seconds: number;
  readonly held: number;
  readonly rss: number;
  /** Pins of the client that are left. */
  readonly pinned: number;
}

/** The worker of this part; needs `--expose-gc`. */
export interface StrategyMemoryWorker {
  iterate(order: IterateOrder): Promise<IterateReport>;
  openChurn(setup: ChurnSetup): Promise<void>;
  churn(queries: number): Promise<ChurnPoint>;
  closeChurn(nothing: null): Promise<void>;
}
