import { StrategyClientError } from '../../errors.js';

/** What this store uses of an ioredis client, version 5 or 6. */
export interface RedisClient {
  readonly status: string;
  /** Undefined until there is a socket. */
  readonly stream: { destroy(): unknown } | undefined;
  connect(): Promise<void>;
  disconnect(): void;
  evalsha(...args: [sha: string, keys: number, ...args: string[]]): Promise<unknown>;
  eval(...args: [lua: string, keys: number, ...args: string[]]): Promise<unknown>;
  ping(): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ready' | 'close', listener: () => void): unknown;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/** What this store sets, in ioredis' names, over whatever a caller's client or factory says. */
export interface RedisClientOptions {
  host?: string;
  port?: number;
  path?: string;
  db?: number;
  username?: string;
  password?: string;
  tls?: { servername?: string };
  keyPrefix?: string;
  connectTimeout?: number;
  sentinelCommandTimeout?: number;
  lazyConnect?: boolean;
  retryStrategy?: () => null;
  sentinelRetryStrategy?: () => null;
  reconnectOnError?: null;
  enableOfflineQueue?: boolean;
  enableReadyCheck?: boolean;
  enableAutoPipelining?: boolean;
  autoResendUnfulfilledCommands?: boolean;
  autoResubscribe?: boolean;
  maxRetriesPerRequest?: null;
  disableClientInfo?: boolean;
  stringNumbers?: boolean;
  protocol?: 2;
}

/** Makes a client: `(options) => new Redis({ ...mine, ...options })`. */
export type CreateRedisClient = (options: RedisClientOptions) => RedisClient;

/** A caller's client: a pattern for connections of our own, and never used itself. */
export interface RedisTemplate {
  readonly isCluster?: boolean;
  duplicate(options: RedisClientOptions): RedisClient;
}

/** The installed ioredis. Rejects with `MISSING_DEPENDENCY` when there is none. */
export async function loadIoredis(): Promise<CreateRedisClient> {
  try {
    const { Redis } = await import('ioredis');
    return (options) => new Redis(options);
  } catch (cause) {
    throw new StrategyClientError(
      'MISSING_DEPENDENCY',
      'a redis: URL needs the package ioredis, version 5.11 or 6; install it beside @holdfast/strategy-client',
      { cause },
    );
  }
}
