import type { Random } from '../random.js';

/** Probes that are refused by 456 pause as after this many failures at most: calls may be waiting for acceptance. */
export const MOST_DOUBLINGS_OF_MISMATCH = 2;

/** How long to wait before a repetition, in ms. */
export interface BackoffOptions {
  /** Before the first repetition. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
  readonly random: Random;
}

/**
 * Doubles with each failure; three quarters to five quarters of it are drawn, so that many clients do not come at once
 * and the mean stays what it says.
 */
export function backoffMs(failures: number, o: BackoffOptions): number {
  const full = Math.min(o.baseMs * 2 ** Math.max(0, failures - 1), o.maxMs);
  return full * (0.75 + o.random() / 2);
}
