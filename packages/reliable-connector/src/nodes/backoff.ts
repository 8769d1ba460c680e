import type { Random } from '../random.js';

/** Bounds of the waits between attempts (4.8). */
export interface BackoffOptions {
  /** Ms; upper bound of the first wait, doubled for each further one. */
  readonly baseMs: number;
  /** Ms; upper bound of every wait that the node itself did not ask for. */
  readonly capMs: number;
  /** Ms from now that the node asked for by `Retry-After`: no wait is shorter. Default: it asked for nothing. */
  readonly retryAfterMs?: number | null;
}

/**
 * The wait in ms after the `attempt`-th fruitless attempt, counted from 1: full jitter (4.8), so that callers which
 * failed together do not come back together. The caller bounds it by its deadline.
 */
export function backoffMs(attempt: number, o: BackoffOptions, random: Random): number {
  const bound = Math.min(o.capMs, o.baseMs * 2 ** Math.max(attempt - 1, 0));
  return Math.max(random() * bound, o.retryAfterMs ?? 0);
}
