/** The name of a lock. Made once per lock object, so that a driver may keep what it derives from it. */
export interface LockKey {
  /** `leader`: the lock of the election of group `id`. The two kinds never collide. */
  readonly kind: 'lock' | 'leader';
  readonly id: string;
  /** Given as text, not as bytes: tooz up to 8.1 writes the two differently (redis-layout 5.8). */
  readonly text: boolean;
}

export type LockMode = 'exclusive' | 'shared';

export interface AcquireRequest {
  readonly lock: LockKey;
  /** Unique for each acquisition: `clientId`, a dot, and a number. */
  readonly token: string;
  readonly mode: LockMode;
  readonly ttlMs: number;
  /** Enqueue when it is held, or when others wait. Without, a waiter that lives makes the call refused. */
  readonly wait: boolean;
  /** How long a place in the queue lasts, ms: from its request, each re-send of it, and each beat. */
  readonly waiterTtlMs: number;
  /** How long a head that was told to claim keeps its place, ms of the store's clock. */
  readonly claimTimeoutMs: number;
}

export type AcquireReply =
  /** Held from now for `ttlMs`; `fence` is above every earlier one of this namespace. */
  | { readonly status: 'granted'; readonly fence: number }
  | { readonly status: 'refused' }
  /** `retryAfterMs`: when to send the same request again unless a hint comes first; null: not before a hint or a beat says so. */
  | { readonly status: 'queued'; readonly retryAfterMs: number | null };

export interface ReleaseRequest {
  readonly lock: LockKey;
  readonly token: string;
  readonly mode: LockMode;
}

export type RevokeHow = 'break' | 'ask';

/** A lock at one instant. */
export interface LockReading {
  /** Null: free. */
  readonly mode: LockMode | null;
  /** One for an exclusive lock, one or more readers for a shared one. */
  readonly holders: readonly HolderReading[];
  /** Those who wait, in order. */
  readonly waiters: readonly WaiterReading[];
}

export interface HolderReading {
  /** Undefined: a client whose id cannot be read. */
  readonly memberId: string | undefined;
  readonly fence: bigint | null;
  /** Null: it does not expire. */
  readonly ttlMs: number | null;
}

export interface WaiterReading {
  readonly memberId: string;
  readonly mode: LockMode;
}
