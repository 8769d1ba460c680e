import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Random } from '../random.js';
import type { Strategy } from '../strategy.js';

/** What managers of one target and cluster share: never sessions or pins, which belong to one process. */
export interface StoredStrategy {
  /** The deployment that answered last; null while none is known. */
  readonly strategy: Strategy | null;
  /** When it did, wall time in whole ms since 1970; 0 while none is known. */
  readonly lastCheckTime: number;
}

/** A state and the name of this version of it. Versions are compared for equality only; that of an empty store is `''`. */
export interface StoreReading {
  readonly version: string;
  readonly state: StoredStrategy;
}

/**
 * Where the managers of one target and cluster keep the routing target. One step decides who wins: whoever writes names
 * the version that it has read, and loses to everybody who wrote since.
 *
 * A store that loses its medium (Redis goes away) goes on in process and says so once through its logger; no method
 * rejects for that. They reject with `CLOSED` after the store was disposed of, with `MISSING_DEPENDENCY` where the
 * medium's library is not installed, and with `INVALID_ARGUMENT` for a state that is none.
 */
export interface StrategyStore extends AsyncDisposable {
  /** The first call of a manager waits for this: it has to settle soon, also where the medium does not answer. */
  read(): Promise<StoreReading>;
  /**
   * Writes `state` if the version is still `version`. The new version, or null where somebody else has written since.
   * A version that was lost is not valid again later, also where the same state is written again.
   */
  compareAndSet(version: string, state: StoredStrategy): Promise<string | null>;
  /**
   * Calls `listener` when the state may have changed, by whomever, and after the medium came back: a hint to read again.
   * Never within a call to this store, but after it; hints that come together are one. The returned function ends that.
   */
  subscribe(listener: () => void): () => void;
}

/** What a store is about. Managers with equal keys share one state. */
export interface StoreKey {
  /** `host:port` of the router. */
  readonly target: string;
  /** Name of the cluster in lower case; empty where the router serves one. */
  readonly cluster: string;
}

/** What a store may use of its manager. */
export interface StoreContext {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens the store of a key. The manager that opened it disposes of it. */
export type StrategyStoreProvider = (key: StoreKey, context: StoreContext) => StrategyStore;
