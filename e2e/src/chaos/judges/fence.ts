import type { AppliedWrite } from '../history/history.js';

/** What a write said of whom it was sent by. */
export interface Fence {
  /** The journal. */
  readonly scope: string;
  /** The journal's counter, which a new leader raises to its term or above. */
  readonly value: bigint;
}

/** Null where the write had none. The runner takes it from the cluster's log, which has only fences that parse. */
export function fenceOf({ fence }: AppliedWrite): Fence | null {
  if (fence === null) return null;
  const colon = fence.lastIndexOf(':');
  return { scope: fence.slice(0, colon), value: BigInt(fence.slice(colon + 1)) };
}

/** The status of a write that its node refused for its fence; such a one raises nothing. */
export const STALE_FENCE = 412;
