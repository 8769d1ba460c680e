import type { Round } from '../../../harness/rounds.js';

/** `bare` twice: what differs between the two is the measurement's own. */
export const QUERIERS = ['bare', 'client', 'bare-again'] as const;
export type Querier = (typeof QUERIERS)[number];

export interface QuerySetup {
  /** Of the router, on the loopback. */
  readonly port: number;
}

/** So many callers at once; queriers in turn, slice by slice. */
export interface QueriesOrder {
  readonly queriers: readonly Querier[];
  readonly callers: number;
  readonly slices: number;
  /** Of each caller in each slice. */
  readonly queriesPerSlice: number;
}

export interface QueriesReport {
  readonly queries: number;
  readonly elapsedMs: number;
  /** User and system time of the client's process. */
  readonly cpuUs: number;
  /** Of each query. */
  readonly latenciesMs: Float64Array;
}

/** The worker of this part. */
export interface EndToEndWorker {
  open(setup: QuerySetup): Promise<void>;
  /** By querier. */
  queries(order: QueriesOrder): Promise<Round<QueriesReport>>;
  close(nothing: null): Promise<void>;
}
