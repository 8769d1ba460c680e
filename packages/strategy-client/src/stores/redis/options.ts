import { StrategyClientError } from '../../errors.js';
import { inRange } from '../../in-range.js';

export interface RedisStoreOptions {
  /**
   * Bound of one operation and of one attempt to connect, ms. What takes longer is given up and the process goes on by
   * itself until Redis is back. Default 500.
   */
  readonly timeoutMs?: number;
  /** What keys and channels begin with; `target|cluster` follows. Default `holdfast:strategy:`. */
  readonly prefix?: string;
}

export interface ResolvedRedisStoreOptions {
  readonly timeoutMs: number;
  readonly prefix: string;
}

const DEFAULT_TIMEOUT_MS = 500;
const SHORTEST_TIMEOUT_MS = 10;
const LONGEST_TIMEOUT_MS = 60_000;
const DEFAULT_PREFIX = 'holdfast:strategy:';
const LONGEST_PREFIX = 256;

export function resolveRedisStoreOptions(options: RedisStoreOptions): ResolvedRedisStoreOptions {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, prefix = DEFAULT_PREFIX } = options;
  if (prefix === '' || prefix.length > LONGEST_PREFIX)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `prefix has ${prefix.length} characters; give 1 to ${LONGEST_PREFIX}`,
    );
  return Object.freeze({
    timeoutMs: inRange('timeoutMs', timeoutMs, SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
    prefix,
  });
}
