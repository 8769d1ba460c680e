import type { Round } from '../../../harness/rounds.js';

/** The client's two ways to send a call: one that belongs to no query, and one of a query. */
export const WAYS = ['routed', 'leased'] as const;
export type Way = (typeof WAYS)[number];

/** Each way beside the same call sent by the fake alone. */
export const SENDERS = ['bare-routed', 'routed', 'bare-leased', 'leased'] as const;
export type Sender = (typeof SENDERS)[number];

/** Where the fake takes the place of the network. */
export const FAKES = ['transport', 'channel'] as const;
export type Fake = (typeof FAKES)[number];

/** So many calls one after the other; senders in turn, slice by slice. */
export interface CallsOrder {
  readonly fake: Fake;
  readonly slices: number;
  readonly callsPerSlice: number;
}

/** The slice that took the least. */
export interface CallsReport {
  readonly calls: number;
  /** User and system time of the process. */
  readonly cpuUs: number;
}

/** The worker of this part. */
export interface OwnCostWorker {
  /** By sender. */
  calls(order: CallsOrder): Promise<Round<CallsReport>>;
}
