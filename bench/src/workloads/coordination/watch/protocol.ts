import type { Round } from '../../../harness/rounds.js';
import type { ServerUrls } from '../contenders/open-contender.js';

/** `floor`: a message of Redis from a script that writes one key. */
export const WATCHERS = ['floor', 'holdfast', 'etcd3'] as const;

export type WatcherName = (typeof WATCHERS)[number];

/** So many joins of each watcher, one at a time, join by join in turn. */
export interface WatchOrder {
  readonly watchers: readonly WatcherName[];
  readonly joins: number;
}

/** One member that joins and leaves, and one who watches, on connections of their own. */
export interface Watched extends AsyncDisposable {
  /** Resolves when the watcher has heard of it. */
  join(): Promise<void>;
  /** The same. */
  leave(): Promise<void>;
}

/** The worker of this part. */
export interface WatchWorker {
  open(setup: ServerUrls): Promise<void>;
  /** From the call of join to the watcher's event, ms, by watcher. */
  joins(order: WatchOrder): Promise<Round<Float64Array>>;
  close(nothing: null): Promise<void>;
}
