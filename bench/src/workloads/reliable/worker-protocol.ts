/** Where a worker works. */
export interface WorkerSetup {
  /** Node name → base URL. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Path of the SQLite journal that all workers share. */
  readonly journal: string;
  /** Folder on the journal's file system for the floor's own file. */
  readonly folder: string;
}

/**
 * `bare`: the requests of one create in parallel and nothing else. `floor`: these between two durable writes.
 * `journaled`: `createGroup`.
 */
export type Side = 'bare' | 'floor' | 'journaled';

/** A closed loop: so many callers, each with one create at a time, for a while. */
export interface CallersOrder {
  readonly side: Side;
  readonly callers: number;
  readonly durationMs: number;
  /** Of the ids; no two orders share one. */
  readonly prefix: string;
}

/** One caller, so many creates of each side, in turn: what disturbs the one disturbs the other. */
export interface SeriesOrder {
  readonly sides: readonly Side[];
  readonly count: number;
  readonly prefix: string;
}

/** What came of a `CallersOrder` in one process. */
export interface CallersReport {
  /** Creates that ended well within the time. */
  readonly completed: number;
  readonly failed: number;
  readonly elapsedMs: number;
  /** Of every create that was begun. */
  readonly latenciesMs: Float64Array;
  /** As `perf_hooks.monitorEventLoopDelay` counts it at its default resolution: about 10 ms when idle. */
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** User and system time of this process. */
  readonly cpuUs: number;
}

export interface SeriesReport {
  /** By side. */
  readonly latenciesMs: Readonly<Partial<Record<Side, Float64Array>>>;
  readonly failed: number;
}

/** The worker of this workload. */
export interface ReliableWorker {
  open(setup: WorkerSetup): Promise<void>;
  callers(order: CallersOrder): Promise<CallersReport>;
  series(order: SeriesOrder): Promise<SeriesReport>;
  close(nothing: null): Promise<void>;
}
