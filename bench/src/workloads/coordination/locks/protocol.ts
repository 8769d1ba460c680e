import type { Round } from '../../../harness/rounds.js';
import type { LockContender } from '../contenders/contender.js';
import type { ServerUrls } from '../contenders/open-contender.js';

/** So many callers at once, each on a lock of its own; contenders in turn, slice by slice. */
export interface PairsOrder<C extends string = LockContender> {
  readonly contenders: readonly C[];
  readonly callers: number;
  readonly slices: number;
  /** Of each caller in each slice. */
  readonly pairsPerSlice: number;
}

/** What came of one contender's acquires and releases. */
export interface PairsReport {
  readonly pairs: number;
  readonly elapsedMs: number;
  /** User and system time of this process. */
  readonly cpuUs: number;
  /** Of each pair. */
  readonly latenciesMs: Float64Array;
}

/** So many waiters at once on one lock, over some connections, for a while. */
export interface ContendedOrder {
  readonly contender: LockContender;
  readonly waiters: number;
  readonly connections: number;
  /** Until all stand in line, before anything is counted. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

export interface ContendedReport {
  readonly elapsedMs: number;
  /** By waiter, of those that were counted. */
  readonly grants: Float64Array;
  /** Calls by the name of the command, those of scripts among them; of etcd its messages. */
  readonly commands: Readonly<Record<string, number>>;
}

/** The worker of these parts. */
export interface LocksWorker {
  open(setup: ServerUrls): Promise<void>;
  /** By contender. */
  pairs(order: PairsOrder): Promise<Round<PairsReport>>;
  contended(order: ContendedOrder): Promise<ContendedReport>;
  close(nothing: null): Promise<void>;
}
