import { inRange, wholeInRange } from '../in-range.js';

/** How calls are repeated. */
export interface RetryOptions {
  /** How often a call that is safe to repeat is sent, 1 to 100. Default 5. */
  readonly maxRetryAttempts?: number;
  /**
   * Pause before a lost call or a refused probe is repeated, ms, doubled with each failure, with jitter; 1 to 3,600,000.
   * Default 200.
   */
  readonly retryBaseMs?: number;
  /**
   * Longest such pause, and of a connection the longest pause between attempts to reach the router, ms; up to 3,600,000.
   * Default 2,000, or `retryBaseMs` where that is more.
   */
  readonly retryMaxMs?: number;
}

const DEFAULT_MAX_RETRY_ATTEMPTS = 5;
const DEFAULT_RETRY_BASE_MS = 200;
const DEFAULT_RETRY_MAX_MS = 2_000;
const MOST_ATTEMPTS = 100;
const HOUR_MS = 3_600_000;

/** Fills defaults and checks ranges. Throws `INVALID_ARGUMENT` that names the option and its limits. */
export function resolveRetryOptions(o: RetryOptions): Readonly<Required<RetryOptions>> {
  const { maxRetryAttempts = DEFAULT_MAX_RETRY_ATTEMPTS, retryBaseMs = DEFAULT_RETRY_BASE_MS } = o;
  inRange('retryBaseMs', retryBaseMs, 1, HOUR_MS);
  const retryMaxMs = o.retryMaxMs ?? Math.max(DEFAULT_RETRY_MAX_MS, retryBaseMs);
  return {
    maxRetryAttempts: wholeInRange('maxRetryAttempts', maxRetryAttempts, 1, MOST_ATTEMPTS),
    retryBaseMs,
    retryMaxMs: inRange('retryMaxMs', retryMaxMs, retryBaseMs, HOUR_MS),
  };
}
