import { fromBytes } from '../../ids.js';

/**
 * The value of a lock that this package holds exclusively: `holdfast:TOKEN:MEMBER:FENCE`. The scripts tell holders apart
 * by what stands before the member; Python compares the whole for equality with its own and so never takes it for its.
 */
export const ownPrefix = (token: string): string => `holdfast:${token}:`;

const OURS = /^holdfast:[^:]*:([\s\S]*):(\d+)$/;
const SHARED = /^shared:\d+$/;

/** Who holds a lock, as far as its value tells. */
export interface Holder {
  /** Undefined: a client whose id cannot be read. */
  readonly memberId: string | undefined;
  readonly fence: bigint | null;
}

export function parseLockValue(value: Uint8Array): Holder {
  const found = OURS.exec(fromBytes(value));
  return found ? { memberId: found[1], fence: BigInt(found[2] ?? 0) } : { memberId: undefined, fence: null };
}

/** Readers hold the lock. */
export const isShared = (value: Uint8Array): boolean => SHARED.test(fromBytes(value));
