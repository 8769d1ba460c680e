/** What takes locks on Redis in turn, slice by slice; `floor` locks with the least that locks at all. */
export const LOCK_CONTENDERS = ['floor', 'holdfast', 'redlock', 'redis-semaphore'] as const;

/** Those on etcd do not share slices: each of their calls waits for a disk. `etcd3-queue` can wait for a lock. */
export type LockContender = (typeof LOCK_CONTENDERS)[number] | 'etcd3' | 'etcd3-queue';

/** How long a lock lasts without renewal, ms, for every contender alike: the default of tooz. */
export const LOCK_TTL_MS = 30_000;

/** One connection of one contender. */
export interface OpenContender extends AsyncDisposable {
  /** One caller's handle on the lock of this name. `signal` ends its waiting where the contender knows how to. */
  locker(name: string, signal?: AbortSignal): Locker;
}

export interface Locker {
  /** Takes the lock, waiting for it. False: the waiting was ended. */
  acquire(): Promise<boolean>;
  /** Rejects when the lock was not held any more. */
  release(): Promise<void>;
}
