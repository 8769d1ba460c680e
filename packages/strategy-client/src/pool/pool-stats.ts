import { StrategyClientError } from '../errors.js';

/** How a pool stands, and what it has done since it was made. */
export interface PoolStats {
  /** Connections that exist: idle, leased, being opened, pinged or closed. At most `maxSize + maxOverflow`. */
  readonly size: number;
  readonly idle: number;
  readonly leased: number;
  /** Callers in line. */
  readonly waiting: number;
  readonly opened: number;
  readonly closed: number;
  /** Attempts to open a connection that failed. */
  readonly openFailures: number;
  /** Connections that were found broken, by a ping or otherwise. */
  readonly broken: number;
  /** Connections that were closed for their age. */
  readonly recycled: number;
  /** Connections that were closed as too many to keep. */
  readonly surplus: number;
  /** Connections whose lease was forgotten. */
  readonly reclaimed: number;
  /** Callers that waited in vain. */
  readonly timeouts: number;
}

/** Why a connection is closed. */
export type Ending = 'broken' | 'recycled' | 'surplus' | 'reclaimed' | 'pool closed';

/** How big a pool may be, for messages. */
export interface PoolLimits {
  readonly maxSize: number;
  readonly maxOverflow: number;
  readonly maxWaiting: number;
}

const standing = (s: PoolStats, { maxSize, maxOverflow }: PoolLimits): string =>
  `${s.size} of ${maxSize + maxOverflow} connections exist (maxSize ${maxSize} + maxOverflow ${maxOverflow}), ${s.leased} leased, ${s.idle} idle; callers waiting: ${s.waiting}`;

export const waitedInVain = (timeoutMs: number, stats: PoolStats, limits: PoolLimits): StrategyClientError =>
  new StrategyClientError(
    'POOL_TIMEOUT',
    `no connection came free within ${timeoutMs} ms: ${standing(stats, limits)}; release leases sooner, or raise maxSize, maxOverflow or acquireTimeoutMs`,
  );

export const lineFull = (stats: PoolStats, limits: PoolLimits): StrategyClientError =>
  new StrategyClientError(
    'POOL_TIMEOUT',
    `as many callers wait for a connection as may (maxWaiting ${limits.maxWaiting}): ${standing(stats, limits)}; ask for less at a time, or raise maxSize, maxOverflow or maxWaiting`,
  );
