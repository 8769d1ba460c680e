import { type Clock, systemClock } from '../clock.js';
import { StrategyClientError } from '../errors.js';
import { inRange } from '../in-range.js';
import { type Logger, silentLogger } from '../logger.js';
import { type Random, systemRandom } from '../random.js';
import { sharedInProcess } from '../stores/in-process/in-process-store.js';
import type { StrategyStoreProvider } from '../stores/strategy-store.js';

/** Options of `StrategyManager`. */
export interface StrategyManagerOptions {
  /** `host:port` of the router, or another name for what switches. Managers of one target share a store's state. */
  readonly target: string;
  /** Name of the cluster behind the router; in lower case from then on. Default: none. */
  readonly cluster?: string;
  /** Where managers of one target and cluster share what they have found out. Default: this process. */
  readonly store?: StrategyStoreProvider;
  /**
   * How long the target is believed without an answer that confirms it, in ms; then the next call asks by an
   * authentication. Default 300,000; 1,000 to 86,400,000.
   */
  readonly strategyCacheTimeoutMs?: number;
  /** Where to report what no caller hears. Default: nowhere. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's chance. */
  readonly random?: Random;
}

/** All options, filled and checked. */
export interface ResolvedManagerOptions {
  readonly target: string;
  readonly cluster: string;
  readonly store: StrategyStoreProvider;
  readonly strategyCacheTimeoutMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

const DEFAULT_CACHE_TIMEOUT_MS = 300_000;
const SHORTEST_CACHE_TIMEOUT_MS = 1_000;
const DAY_MS = 86_400_000;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT`, naming the option and its limits. */
export function resolveManagerOptions(o: StrategyManagerOptions): ResolvedManagerOptions {
  if (typeof o.target !== 'string' || o.target === '')
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `target is ${JSON.stringify(o.target)}; give host:port of the router`,
    );
  return Object.freeze({
    target: o.target,
    cluster: (o.cluster ?? '').toLowerCase(),
    store: o.store ?? sharedInProcess,
    strategyCacheTimeoutMs: inRange(
      'strategyCacheTimeoutMs',
      o.strategyCacheTimeoutMs ?? DEFAULT_CACHE_TIMEOUT_MS,
      SHORTEST_CACHE_TIMEOUT_MS,
      DAY_MS,
    ),
    logger: o.logger ?? silentLogger,
    clock: o.clock ?? systemClock,
    random: o.random ?? systemRandom,
  });
}
