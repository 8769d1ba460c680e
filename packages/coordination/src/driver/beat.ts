import type { LockKey, LockMode } from './locks.js';

export interface BeatRequest {
  readonly member: string;
  /** Groups that the member believes it is in. */
  readonly groups: readonly string[];
  readonly leases: readonly LeaseRef[];
  readonly waiters: readonly LeaseRef[];
  readonly lockTtlMs: number;
  readonly waiterTtlMs: number;
  readonly claimTimeoutMs: number;
}

/** An acquisition by its token. */
export interface LeaseRef {
  readonly lock: LockKey;
  readonly token: string;
  readonly mode: LockMode;
}

/** Answers in the order of the request. */
export interface BeatReply {
  /** `evicted`: somebody removed the member, or the group is gone. */
  readonly groups: readonly ('joined' | 'evicted')[];
  /** `asked`: renewed, and a request to stand down waits. `lost`: the token no longer holds the lock. */
  readonly leases: readonly ('renewed' | 'asked' | 'lost')[];
  readonly waiters: readonly WaiterPlace[];
}

export type WaiterPlace =
  /** In the queue behind others. */
  | { readonly place: 'queued' }
  /** The first: send the acquire again after `retryAfterMs`. */
  | { readonly place: 'head'; readonly retryAfterMs: number }
  /** Not in the queue: send the acquire again to enter it. */
  | { readonly place: 'gone' };
