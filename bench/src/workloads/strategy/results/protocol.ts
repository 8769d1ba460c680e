import type { Round } from '../../../harness/rounds.js';

/** `bare` leaves the rows as bytes; `client` hands them out one by one. */
export const READERS = ['bare', 'client'] as const;
export type Reader = (typeof READERS)[number];

/** So many queries of each reader, one after the other, in turn. */
export interface ResultsOrder {
  /** Of each query. */
  readonly rows: number;
  readonly queries: number;
}

export interface ResultsReport {
  readonly rows: number;
  readonly elapsedMs: number;
  /** User and system time of the client's process. */
  readonly cpuUs: number;
}

/** The worker of this part. */
export interface ResultsWorker {
  /** `port`: of the router, on the loopback. */
  open(setup: { readonly port: number }): Promise<void>;
  /** By reader. */
  results(order: ResultsOrder): Promise<Round<ResultsReport>>;
  close(nothing: null): Promise<void>;
}
