import type { Characteristic } from '../../characteristics.js';
import type { Driver, DriverContext, DriverDefinition } from '../../driver/index.js';
import { clientOptions } from './client-options.js';
import { Connection } from './connection.js';
import { hintOf } from './hints.js';
import { type CreateClient, loadIoredis } from './ioredis.js';
import { Names } from './names.js';
import type { Dialler } from './open-client.js';
import { Pacer } from './pacer.js';
import { RedisDriver } from './redis-driver.js';
import { parseRedisUrl, type RedisTarget } from './redis-url.js';
import { Subscriber } from './subscriber.js';

export type { CreateClient, RedisClient, RedisClientOptions, TlsOptions } from './ioredis.js';

export interface RedisDriverOptions {
  /**
   * Makes a client: `(options) => new Redis(options)` of the ioredis that you want, perhaps with options of your own
   * added. Do not change those about retries, queues and the protocol. Default: the installed package `ioredis`.
   */
  readonly createClient?: CreateClient;
}

/**
 * What Redis gives. Not `LINEARIZABLE`: a failover goes to a replica that may lack the last writes, so that a lock can
 * be granted twice across it; the fence of the later grant is above the earlier one, and a store that checks fences is
 * what makes the lock safe. Not `SAME_VIEW_…` for the same reason, and not `NON_TIMEOUT_BASED`: the dead are noticed by
 * their leases' end. `CAUSAL`: each operation is one script on one server, which sees all that were answered before.
 */
const CHARACTERISTICS: ReadonlySet<Characteristic> = new Set<Characteristic>([
  'DISTRIBUTED_ACROSS_THREADS',
  'DISTRIBUTED_ACROSS_PROCESSES',
  'DISTRIBUTED_ACROSS_HOSTS',
  'CAUSAL',
]);

/** However short the lease, a connection is given up for silent only after this. */
const LEAST_PATIENCE_MS = 250;

/** A Redis driver on your own client, for instance of another version of ioredis; `redisDriver` is the usual one. */
export function createRedisDriver(options: RedisDriverOptions = {}): DriverDefinition {
  return {
    name: 'redis',
    schemes: ['redis', 'rediss'],
    characteristics: CHARACTERISTICS,
    requiresBeating: true,
    check: (url) => void parseRedisUrl(url),
    open: (context) => open(context, options),
  };
}

/**
 * `redis:` and `rediss:` URLs, with Redis 6.2 or newer and ioredis 5.11 or 6, on the keys of Python tooz.
 *
 * `redis://[user:password@]host[:port][?option=value…]`; without a host the path is that of a unix socket. The options
 * are tooz's: `db` (a path `/1` behind a host is ignored, as there), `ssl`, `ssl_certfile`, `ssl_keyfile`,
 * `ssl_ca_certs`, `ssl_cert_reqs`, `ssl_check_hostname`, `sentinel` (the master's name; the host is a sentinel then) with
 * `sentinel_fallback` (`host:port`, repeatable), `sentinel_username`, `sentinel_password`, `sentinel_ssl`;
 * `socket_timeout` (seconds; lowers the bound of an operation), `socket_keepalive`. `encoding`, `executor`, `max_workers`
 * and `retry_on_timeout` are accepted and mean nothing here. Any other is ignored with a warning to the logger.
 *
 * What can still go wrong: a failover loses what the replica had not received; see the characteristics. A Redis that
 * evicts keys when its memory is full (a `maxmemory-policy` other than `noeviction`; the logger is warned) may drop a held
 * lock, which is then granted to the next, with a greater fence, before its holder hears of it. A membership that
 * Python has ended and begun again between two readings looks like one that went on.
 */
export const redisDriver: DriverDefinition = createRedisDriver();

async function open(context: DriverContext, options: RedisDriverOptions): Promise<Driver> {
  const { clock, logger, onHint } = context;
  const target = parseRedisUrl(context.url);
  if (target.unknown.length > 0)
    logger.warn({ options: target.unknown }, 'options of the URL that the Redis driver does not know');
  const bounds = boundsOf(context, target);
  const closing = new AbortController();
  const dialler: Dialler = {
    create: options.createClient ?? (await loadIoredis()),
    options: await clientOptions(target, bounds.timeoutMs),
    address: target.address,
    clock,
    closed: closing.signal,
  };
  const leaseMs = Math.min(context.lockTtlMs, context.membershipTtlMs);
  const pacer = new Pacer(clock, context.random, { leaseMs, cost: target.sentinel ? 2 : 1 });
  const names = new Names(context.namespace, context.lockKeyFormats);
  const connection = await Connection.open({
    dialler,
    pacer,
    logger,
    ...bounds,
    onReconnect: () => subscriber.renew(),
  });
  const subscriber = new Subscriber({
    dialler,
    pacer,
    timeoutMs: bounds.patienceMs,
    mayConnect: () => connection.isReady,
    onMessage: (channel, message) => {
      const hint = hintOf(names, channel, message);
      if (hint) onHint(hint);
    },
    onGap: () => onHint({ type: 'reset' }),
  });
  const close = (): void => {
    subscriber.close();
    connection.close();
    closing.abort();
  };
  return new RedisDriver(context, { connection, subscriber, names, close });
}

/** A server that is silent for half a lease is left while there is time to renew it over another connection. */
function boundsOf(
  context: DriverContext,
  target: RedisTarget,
): { readonly timeoutMs: number; readonly patienceMs: number } {
  const timeoutMs = Math.min(context.timeoutMs, target.socketTimeoutMs ?? context.timeoutMs);
  const halfLeaseMs = Math.min(context.lockTtlMs, context.membershipTtlMs) / 2;
  return { timeoutMs, patienceMs: Math.min(timeoutMs, Math.max(LEAST_PATIENCE_MS, halfLeaseMs)) };
}
