import { type Clock, systemClock } from '../clock.js';
import { StrategyClientError } from '../errors.js';
import { inRange, wholeInRange } from '../in-range.js';
import { type Logger, silentLogger } from '../logger.js';

/** What a pool asks of its connections. */
export interface PooledConnection {
  /** Whether it is closed, by whomever. A pool hands out no such connection. */
  readonly isClosed: boolean;
  /** Rejects when the connection is of no use any more. Ends soon after `signal` aborts. */
  ping(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PoolOptions<C extends PooledConnection> {
  /** Opens a connection. Ends soon after `signal` aborts; a connection that comes later all the same is closed. */
  readonly open: (signal: AbortSignal) => Promise<C>;
  /** Connections that are opened at once and, after losses, again. Default 2. */
  readonly minSize?: number;
  /** Connections that are kept while nobody uses them. Default 10. */
  readonly maxSize?: number;
  /** Connections beyond `maxSize` under load; closed on release when `maxSize` are idle. Default 5. */
  readonly maxOverflow?: number;
  /** How long `acquire` waits, ms; each call can give its own. Default 30,000. */
  readonly acquireTimeoutMs?: number;
  /** Callers that may wait at a time; one more is refused at once. Default 1,000. */
  readonly maxWaiting?: number;
  /** Age at which a connection is closed instead of handed out, ms. Default 3,600,000. */
  readonly recycleMs?: number;
  /** Whether to ping a connection before handing it out. Default true. */
  readonly prePing?: boolean;
  /** Only such are pinged that have been idle for this long, ms. Default 5,000; 0 pings always. */
  readonly pingIdleMs?: number;
  /** A ping that takes longer, ms, counts as failed. Default 5,000. */
  readonly pingTimeoutMs?: number;
  /** Opening that takes longer, ms, counts as failed. Default: `acquireTimeoutMs`. */
  readonly openTimeoutMs?: number;
  /** How long `close` waits for connections that are in use before it closes them too, ms. Default 30,000. */
  readonly closeTimeoutMs?: number;
  /** Where to report connections that break and leases that are forgotten. Default: nowhere. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
}

/** All options, filled and checked. */
export type ResolvedPoolOptions<C extends PooledConnection> = Readonly<Required<PoolOptions<C>>>;

const DEFAULT_MIN_SIZE = 2;
const DEFAULT_MAX_SIZE = 10;
const DEFAULT_MAX_OVERFLOW = 5;
const DEFAULT_ACQUIRE_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_WAITING = 1_000;
const DEFAULT_RECYCLE_MS = 3_600_000;
const DEFAULT_PING_IDLE_MS = 5_000;
const DEFAULT_PING_TIMEOUT_MS = 5_000;
const DEFAULT_CLOSE_TIMEOUT_MS = 30_000;
const MOST_CONNECTIONS = 1_000;
const MOST_WAITING = 1_000_000;
const DAY_MS = 86_400_000;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT` that names the option and its limits. */
export function resolvePoolOptions<C extends PooledConnection>(o: PoolOptions<C>): ResolvedPoolOptions<C> {
  if (typeof o.open !== 'function')
    throw new StrategyClientError('INVALID_ARGUMENT', `open is ${typeof o.open}; give a function`);
  const maxSize = wholeInRange('maxSize', o.maxSize ?? DEFAULT_MAX_SIZE, 1, MOST_CONNECTIONS);
  const acquireTimeoutMs = acquireTimeout(
    'acquireTimeoutMs',
    o.acquireTimeoutMs ?? DEFAULT_ACQUIRE_TIMEOUT_MS,
  );
  const minSize = o.minSize ?? Math.min(DEFAULT_MIN_SIZE, maxSize);
  return Object.freeze({
    open: o.open,
    minSize: wholeInRange('minSize', minSize, 0, maxSize),
    maxSize,
    maxOverflow: wholeInRange('maxOverflow', o.maxOverflow ?? DEFAULT_MAX_OVERFLOW, 0, MOST_CONNECTIONS),
    acquireTimeoutMs,
    maxWaiting: wholeInRange('maxWaiting', o.maxWaiting ?? DEFAULT_MAX_WAITING, 1, MOST_WAITING),
    recycleMs: inRange('recycleMs', o.recycleMs ?? DEFAULT_RECYCLE_MS, 1, 365 * DAY_MS),
    prePing: o.prePing ?? true,
    pingIdleMs: inRange('pingIdleMs', o.pingIdleMs ?? DEFAULT_PING_IDLE_MS, 0, DAY_MS),
    pingTimeoutMs: inRange('pingTimeoutMs', o.pingTimeoutMs ?? DEFAULT_PING_TIMEOUT_MS, 1, DAY_MS),
    openTimeoutMs: inRange('openTimeoutMs', o.openTimeoutMs ?? acquireTimeoutMs, 1, DAY_MS),
    closeTimeoutMs: inRange('closeTimeoutMs', o.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS, 0, DAY_MS),
    logger: o.logger ?? silentLogger,
    clock: o.clock ?? systemClock,
  });
}

/** How long one caller waits, checked. */
export const acquireTimeout = (name: string, ms: number): number => inRange(name, ms, 1, DAY_MS);
