import type { Round } from '../../../harness/rounds.js';
import type { PairsOrder, PairsReport } from '../locks/protocol.js';

/** `floor`: two statements of better-sqlite3. */
export const SQLITE_CONTENDERS = ['floor', 'holdfast'] as const;

export type SqliteContender = (typeof SQLITE_CONTENDERS)[number];

export interface SqliteSetup {
  /** `sqlite:PATH` */
  readonly url: string;
  /** Where the floor has its own file. */
  readonly folder: string;
}

/** One caller on a lock that other processes want as well. */
export interface CrowdOrder {
  readonly lock: string;
  /** Of the clock that all processes share: they begin together. */
  readonly startAtMs: number;
  readonly durationMs: number;
  /** Read, counted up and written under the lock; nothing else keeps two processes from losing a count. */
  readonly counterFile: string;
}

export interface CrowdReport {
  /** Fencing tokens of its grants, in order. */
  readonly fences: BigUint64Array;
}

/** The worker of these parts. */
export interface SqliteWorker {
  open(setup: SqliteSetup): Promise<void>;
  pairs(order: PairsOrder<SqliteContender>): Promise<Round<PairsReport>>;
  crowd(order: CrowdOrder): Promise<CrowdReport>;
  close(nothing: null): Promise<void>;
}
