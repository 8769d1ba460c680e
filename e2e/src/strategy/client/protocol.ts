import type { Strategy, StrategyMetrics } from '@holdfast/strategy-client';
import type { WorkerThreadsSpace } from '@holdfast/strategy-client/stores/worker-threads';

/** How a client opens its connection. */
export interface ClientConfig {
  /** Begins the tags of its queries. */
  readonly name: string;
  /** Port of the engine's router on this host. */
  readonly port: number;
  /** Of the client's own choices. */
  readonly seed: number;
  /** Shares what it finds out by the Redis at this URL. */
  readonly redisUrl?: string;
  /** Shares what it finds out with other threads. */
  readonly space?: WorkerThreadsSpace;
}

/** What queries a load is made of, each with its share. */
export type Mix = Readonly<Partial<Record<QueryKind, number>>>;

export type QueryKind = 'numbers' | 'readings' | 'small' | 'typed' | 'insert' | 'update' | 'explain';

export interface LoadOptions {
  /** Queries that run at the same time. */
  readonly lanes: number;
  readonly mix: Mix;
  /** How long a reader works on each batch, at most, in ms. */
  readonly readMs: number;
  /** Of the queries that only read, how many say so by `idempotent: true`; 0 to 1. */
  readonly idempotent: number;
}

/** What became of one query. Times are CLOCK_MONOTONIC in ms. */
export interface QueryEnd {
  /** Stands in the statement's text, and nowhere else. */
  readonly tag: string;
  readonly kind: QueryKind;
  readonly idempotent: boolean;
  readonly from: number;
  to: number;
  /** Of its latest prepare, and of the execution that followed. */
  prepared: number;
  executed: number;
  /** Where it was executed last; empty if it was not. */
  strategy: string;
  /** A call of it (not its clear, which nobody waits for) was under way on a connection that was lost. */
  wasCut: boolean;
  /** Rows that the reader had got. */
  rows: number;
  /** `ok`, `WRONG` for rows that are not those asked for, or the code of the error. */
  end: string;
  message: string;
}

/** One step of what a client did and heard, in order. */
export interface Step {
  readonly at: number;
  readonly what: 'start' | 'end' | 'failed' | 'pending' | 'switched';
  /** Name of the call; empty for what the manager told. */
  readonly rpc: string;
  readonly strategy: string;
  /** The colour that an answer announced; empty for none. */
  readonly word: string;
  /** At `switched`: queries that ran on the deployment that was left. */
  readonly left: number;
}

export interface LoadReport {
  readonly queries: readonly QueryEnd[];
  readonly steps: readonly Step[];
  readonly metrics: StrategyMetrics;
}

/** What a process uses when nothing is under way. */
export interface HeapReport {
  /** Bytes after a full collection. */
  readonly heap: number;
  readonly abandoned: number;
  readonly pinned: number;
}

/** What a test may ask of a client. */
export type ClientCalls = {
  begin(config: ClientConfig): null;
  /** One small query; where it ran. */
  ask(): Strategy;
  /** Resolves when new calls go to this deployment. */
  moved(to: Strategy): null;
  /** Starts the lanes. */
  load(options: LoadOptions): null;
  /** How many queries of the load have been executed there so far. */
  executed(strategy: Strategy): number;
  /** Lets what is under way end, begins nothing more. */
  calm(): LoadReport;
  /** So many queries, of which every `nth` is forgotten in the middle of its rows; what is in use after that. */
  forget(queries: number, nth: number): HeapReport;
  metrics(): StrategyMetrics;
  /** Lines of level warn and error. */
  warnings(): readonly string[];
  /** Closes the connection; a process then ends by itself. */
  close(): null;
};

/** Clients ask for nothing. */
export type TestCalls = Record<never, never>;
