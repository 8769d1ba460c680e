import type { CoordinatorOptions } from '@holdfast/coordination';
import type { StoreCalls } from '../guarded-store.js';
import type { InUse } from './cycles.js';
import type { HoldReport, Way } from './hold-and-look.js';

/** How a worker opens its coordinator. */
export interface WorkerConfig {
  readonly url: string;
  readonly memberId: string;
  /** Of the worker's own choices: how long to hold, whether to read or write. */
  readonly seed: number;
  readonly options: Pick<
    CoordinatorOptions,
    'lockTtlMs' | 'membershipTtlMs' | 'pollMs' | 'claimTimeoutMs' | 'rejoin'
  >;
}

/** What a worker does again and again until it is told to calm down. */
export type Work = 'mutex' | 'set' | 'readers' | 'lead' | 'members';

/** What a worker has done. */
export interface Tally {
  readonly rounds: number;
  /** What was thrown that should not be, in words. */
  readonly errors: readonly string[];
  /** Own terms as the event stream told them, in order. */
  readonly ownTerms: readonly OwnTerm[];
}

export interface OwnTerm {
  readonly type: 'elected' | 'resigned' | 'lost';
  readonly term: number;
}

/** What a parent may ask of a worker. */
export type WorkerCalls = {
  begin(config: WorkerConfig): null;
  /** Starts these works at the same time. */
  work(works: readonly Work[]): null;
  /** Lets what is under way end, begins nothing more. */
  calm(): Tally;
  hold(way: Way): HoldReport;
  /** So many acquisitions, and memberships, event streams and terms beside them; twice, with what is in use after each. */
  cycles(acquisitions: number): readonly [InUse, InUse];
  /** Stops the coordinator; the resources (timers, sockets) that live on all the same. The process then ends by itself. */
  stop(): readonly string[];
};

/** What a worker may ask of its parent: the store, and what only an outsider can do for it. */
export type ParentCalls = StoreCalls & {
  /** Stops the worker, which holds the lock of this register under this fence, until a later holder has come. */
  stopMe(key: string, fence: number): null;
  /** A `hold` has begun to look, under this fence. */
  looking(fence: number): null;
};
