import type { Clock } from '../../clock.js';
import { NotImplemented } from '../../errors.js';
import { onAbort } from '../../on-abort.js';
import type { CreateClient, RedisClient, RedisClientOptions } from './ioredis.js';
import { connectionError, isReply } from './redis-error.js';
import { readInfo, type ServerInfo } from './server-info.js';
import { within } from './within.js';

/** How connections are made: always a new client, so that nothing of a broken one lives on. */
export interface Dialler {
  readonly create: CreateClient;
  readonly options: RedisClientOptions;
  /** For messages. */
  readonly address: string;
  readonly clock: Clock;
  /** Aborted when the driver is closed: attempts under way end then. */
  readonly closed: AbortSignal;
}

/**
 * One connection attempt: a client that is ready, of a server that is fit. Rejects with `ConnectionError`, or with
 * `NotImplemented` for a Redis that is too old; its socket is gone then. `onInfo`: what the server tells of itself; null:
 * it is not asked. `onEnd`: the connection ended, before or after.
 */
export async function openClient(
  dialler: Dialler,
  options: {
    readonly timeoutMs: number;
    readonly onInfo: ((info: ServerInfo) => void) | null;
    readonly onEnd: (client: RedisClient) => void;
  },
): Promise<RedisClient> {
  const client = dialler.create({ ...dialler.options });
  let heard: unknown;
  // Without a listener ioredis would print; what it says comes by the promise too, but less exactly.
  client.on('error', (error) => {
    heard ??= error;
  });
  client.on('end', () => options.onEnd(client));
  const unwatch = onAbort(dialler.closed, () => discard(client));
  const what = `no connection to Redis at ${dialler.address}`;
  try {
    await within(dialler.clock, options.timeoutMs, ready(client, options.onInfo), () =>
      connectionError(`${what} within ${options.timeoutMs} ms`, heard),
    );
    return client;
  } catch (error) {
    discard(client);
    if (error instanceof NotImplemented) throw error;
    throw connectionError(what, heard ?? error);
  } finally {
    unwatch();
  }
}

/** Ends it at once: a server that hangs would never say goodbye. */
export function discard(client: RedisClient): void {
  client.disconnect();
  client.stream?.destroy();
}

async function ready(client: RedisClient, onInfo: ((info: ServerInfo) => void) | null): Promise<void> {
  await client.connect();
  if (onInfo) onInfo(readInfo(await infoOf(client)));
}

/** Empty when this user may not ask. */
async function infoOf(client: RedisClient): Promise<string> {
  try {
    return await client.info();
  } catch (error) {
    if (isReply(error) && error.message.startsWith('NOPERM')) return '';
    throw error;
  }
}
