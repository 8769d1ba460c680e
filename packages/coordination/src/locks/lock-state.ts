import type { LockMode, LockReading } from '../driver/index.js';

/** A lock as the store has it at one instant. */
export interface LockState {
  readonly name: string;
  /** Null: nobody holds it. */
  readonly mode: LockMode | null;
  /** The holder; null: nobody; undefined: a client whose id cannot be read. Of several readers, the first. */
  readonly holder: string | null | undefined;
  /** Its fencing token, null if there is none or it cannot be read. */
  readonly fencingToken: bigint | null;
  /** Time until its lease ends unless it is renewed, ms; null if free or without an end. */
  readonly ttlMs: number | null;
  /** All holders: one, or the readers of a shared lock. */
  readonly holders: readonly {
    readonly memberId: string | undefined;
    readonly fencingToken: bigint | null;
    readonly ttlMs: number | null;
  }[];
  /** Those who wait, in the order in which they will get it. Waiting Python clients are not seen. */
  readonly queue: readonly { readonly memberId: string; readonly mode: LockMode }[];
}

export function lockState(name: string, reading: LockReading): LockState {
  const holders = reading.holders.map(({ memberId, fence, ttlMs }) => ({
    memberId,
    fencingToken: fence,
    ttlMs,
  }));
  const first = holders[0];
  return {
    name,
    mode: reading.mode,
    holder: first ? first.memberId : null,
    fencingToken: first?.fencingToken ?? null,
    ttlMs: first?.ttlMs ?? null,
    holders,
    queue: reading.waiters,
  };
}
