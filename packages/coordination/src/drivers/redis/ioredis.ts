import { CoordinationError } from '../../errors.js';

/** A key or value as it is sent: text as UTF-8, numbers in decimal. */
export type Arg = string | number | Buffer;

/** What this driver uses of an ioredis client, version 5 or 6. */
export interface RedisClient {
  readonly status: string;
  /** Undefined until there is a socket. */
  readonly stream: { destroy(): unknown; cork(): void; uncork(): void } | undefined;
  connect(): Promise<void>;
  disconnect(): void;
  evalsha(...args: [sha: string, keys: number, ...args: Arg[]]): Promise<unknown>;
  eval(...args: [lua: string, keys: number, ...args: Arg[]]): Promise<unknown>;
  /** Any command; texts of the reply as bytes. */
  callBuffer(command: string, ...args: Arg[]): Promise<unknown>;
  info(): Promise<string>;
  ping(): Promise<unknown>;
  subscribe(...channels: (string | Buffer)[]): Promise<unknown>;
  unsubscribe(...channels: (string | Buffer)[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'messageBuffer', listener: (channel: Buffer, message: Buffer) => void): unknown;
}

/** `(options) => new Redis(options)` of ioredis. */
export type CreateClient = (options: RedisClientOptions) => RedisClient;

/** What this driver sets, in ioredis' names. */
export interface RedisClientOptions {
  host?: string;
  port?: number;
  path?: string;
  db?: number;
  username?: string;
  password?: string;
  tls?: TlsOptions;
  name?: string;
  sentinels?: { host: string; port: number }[];
  sentinelUsername?: string;
  sentinelPassword?: string;
  sentinelTLS?: TlsOptions;
  enableTLSForSentinelMode?: boolean;
  sentinelCommandTimeout?: number;
  connectTimeout?: number;
  keepAlive?: number;
  lazyConnect?: boolean;
  retryStrategy?: () => null;
  sentinelRetryStrategy?: () => null;
  enableOfflineQueue?: boolean;
  enableReadyCheck?: boolean;
  autoResendUnfulfilledCommands?: boolean;
  autoResubscribe?: boolean;
  maxRetriesPerRequest?: null;
  disableClientInfo?: boolean;
  protocol?: 2;
}

/** Of `tls.connect`. */
export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
  checkServerIdentity?: () => undefined;
  servername?: string;
}

/** The installed ioredis. Throws `MISSING_DEPENDENCY` when there is none. */
export async function loadIoredis(): Promise<CreateClient> {
  try {
    const { Redis } = await import('ioredis');
    return (options) => new Redis(options);
  } catch (cause) {
    throw new CoordinationError(
      'MISSING_DEPENDENCY',
      'redis: URLs need the package ioredis, version 5.11 or 6; install it beside @holdfast/coordination',
      { cause },
    );
  }
}
