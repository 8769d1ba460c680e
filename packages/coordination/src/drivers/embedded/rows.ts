import type { LockMode } from '../../driver/index.js';

/** A lock, or a share of one, held until an instant of the host's monotonic clock. */
export interface Lease {
  readonly token: string;
  readonly mode: LockMode;
  readonly member: string;
  readonly fence: number;
  /** Monotonic ms. At this instant it is over. */
  readonly expiresAt: number;
  /** A request to stand down waits for the holder's next beat. */
  readonly asked: boolean;
}

/** A place in a lock's queue. */
export interface Waiter {
  readonly token: string;
  readonly mode: LockMode;
  readonly member: string;
  /** Monotonic ms: gone without a beat until then. */
  readonly aliveUntil: number;
  /** Monotonic ms by which it has to claim the lock; null until a script has found that it may. */
  readonly claimUntil: number | null;
  /** What `claimUntil` will be from then on, ms. */
  readonly claimTimeoutMs: number;
}

/** A member of a group. */
export interface Membership {
  readonly id: string;
  /** The client that joined: one start of one coordinator. Another one of the same id has no part in it. */
  readonly client: string;
  readonly incarnation: number;
  /** Null when not asked for. */
  readonly capabilities: Uint8Array | null;
  /** Monotonic ms of the end of its client's last beat; `-Infinity` without one. */
  readonly beatUntil: number;
}

export const isLive = (lease: Lease, now: number): boolean => lease.expiresAt > now;

export const isWaiting = (waiter: Waiter, now: number): boolean =>
  waiter.aliveUntil > now && (waiter.claimUntil === null || waiter.claimUntil > now);

export const isBeating = (member: Membership, now: number): boolean => member.beatUntil > now;
