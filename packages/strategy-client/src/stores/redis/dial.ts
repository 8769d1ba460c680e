import type { Clock } from '../../clock.js';
import { StrategyClientError } from '../../errors.js';
import { onAbort } from '../../on-abort.js';
import {
  type CreateRedisClient,
  loadIoredis,
  type RedisClient,
  type RedisClientOptions,
  type RedisTemplate,
} from './client.js';
import { parseRedisUrl } from './redis-url.js';
import { within } from './within.js';

/** How connections are made: always a new client, so that nothing of a broken one lives on. */
export interface Dial {
  /** For messages; without credentials. */
  readonly address: string;
  /** Rejects with `MISSING_DEPENDENCY`. */
  load(): Promise<() => RedisClient>;
}

/** Throws `INVALID_ARGUMENT` for a URL that is none. */
export function dialOf(source: string | RedisTemplate | CreateRedisClient, timeoutMs: number): Dial {
  if (typeof source === 'string') {
    const { address, options } = parseRedisUrl(source);
    const all = { ...options, ...ours(timeoutMs) };
    let library: Promise<CreateRedisClient> | undefined;
    return {
      address,
      async load() {
        library ??= loadIoredis();
        const create = await library;
        return () => create({ ...all });
      },
    };
  }
  if (typeof source === 'function') return given(() => source(ours(timeoutMs)));
  if (source.isCluster === true)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'redisStore does not work with a client of Redis Cluster; give one of a single server or of Sentinel',
    );
  return given(() => source.duplicate(ours(timeoutMs)));
}

const given = (make: () => RedisClient): Dial => ({ address: 'the given client', load: async () => make });

/** Nothing is left to ioredis that has to be bounded or paced: it does not reconnect, queue or send again. */
const ours = (timeoutMs: number): RedisClientOptions => ({
  keyPrefix: '',
  connectTimeout: timeoutMs,
  sentinelCommandTimeout: timeoutMs,
  lazyConnect: true,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
  reconnectOnError: null,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  enableAutoPipelining: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: null,
  disableClientInfo: true,
  stringNumbers: false,
  protocol: 2,
});

export interface OpenClientOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Aborted when nobody wants the connection any more: the attempt ends then. */
  readonly closed: AbortSignal;
  /** What a connection must be able to do to count. */
  readonly prove: (client: RedisClient) => Promise<unknown>;
  /** The connection ended, before or after it counted. */
  readonly onClose: (client: RedisClient) => void;
}

/** One attempt to connect, at most `timeoutMs` long. Its socket is gone when it rejects. */
export async function openClient(make: () => RedisClient, options: OpenClientOptions): Promise<RedisClient> {
  const client = make();
  let heard: unknown;
  // Without a listener ioredis would print. The first is the exact one: the promise may only say that it closed.
  client.on('error', (error) => {
    heard ??= error;
  });
  client.on('close', () => options.onClose(client));
  const unwatch = onAbort(options.closed, () => discard(client));
  try {
    await within(
      options.clock,
      options.timeoutMs,
      connected(client).then(() => options.prove(client)),
    );
    return client;
  } catch (error) {
    discard(client);
    throw heard ?? error;
  } finally {
    unwatch();
  }
}

/** Ends it at once: a server that hangs would never say goodbye. */
export function discard(client: RedisClient): void {
  client.disconnect();
  client.stream?.destroy();
}

/** A factory that does not pass `lazyConnect` on returns a client that connects already. */
async function connected(client: RedisClient): Promise<void> {
  if (client.status === 'wait') return client.connect();
  if (client.status === 'ready') return undefined;
  return new Promise((resolve, reject) => {
    client.on('ready', resolve);
    client.on('close', () => reject(new Error('the connection was closed')));
  });
}
