import type { LockKey } from '../../driver/index.js';
import type { Lease, Membership, Waiter } from './rows.js';

/**
 * The rows of one namespace as an embedded driver's logic sees them: synchronous, and only within one step of a `Store`.
 * They judge nothing: whether a row is over is decided by who reads it.
 */
export interface Tables {
  readonly groups: GroupTable;
  readonly members: MemberTable;
  readonly leases: LeaseTable;
  readonly queues: QueueTable;
  /** Sets the namespace's one counter to `max(counter + 1, floor)` and returns it. */
  raiseCounter(floor: number): number;
  /** Removes leases and waiters that are over: those that nobody has asked about since. */
  sweep(now: number): void;
}

export interface GroupTable {
  has(group: string): boolean;
  add(group: string): void;
  /** The group alone: it has no members any more. */
  remove(group: string): void;
  all(): string[];
}

export interface NewMembership {
  readonly client: string;
  readonly incarnation: number;
  readonly capabilities: Uint8Array;
}

export interface MemberTable {
  get(group: string, member: string): Membership | undefined;
  of(group: string, withCapabilities: boolean): Membership[];
  put(group: string, member: string, entry: NewMembership): void;
  update(group: string, member: string, capabilities: Uint8Array): void;
  remove(group: string, member: string): void;
  /** One beat serves a client in all its groups; nothing is written for one that is in none. */
  beat(client: string, until: number): void;
  dropBeat(client: string): void;
  /** Forgets the beat of a client that is in no group. */
  dropIdleBeat(client: string): void;
}

export interface LeaseTable {
  of(lock: LockKey): Lease[];
  /** Adds the lease, or puts it in place of the one of the same token. */
  put(lock: LockKey, lease: Lease): void;
  /** Moves the end of a lease that is not over; undefined if there is none. */
  renew(lock: LockKey, token: string, o: { now: number; until: number }): { asked: boolean } | undefined;
  remove(lock: LockKey, token: string): void;
}

/** Waiters of each lock, in the order in which they came. */
export interface QueueTable {
  /** The first two. */
  front(lock: LockKey): Waiter[];
  all(lock: LockKey): Waiter[];
  /** At the end. */
  add(lock: LockKey, waiter: Waiter): void;
  /** Moves the end of a waiter that is not over; false if there is none. */
  keep(lock: LockKey, token: string, o: { now: number; until: number }): boolean;
  claim(lock: LockKey, token: string, until: number): void;
  remove(lock: LockKey, token: string): void;
}
