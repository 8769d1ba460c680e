import type { Clock } from '../../clock.js';
import { NotImplemented } from '../../errors.js';
import { onAbort } from '../../on-abort.js';
import type { CreateClient, RedisClient, RedisClientOptions } from './ioredis.js';
import { connectionError, isReply } from './redis-error.js';
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

/** SET with GET, on which the counter rests. */
const LEAST_VERSION = [6, 2] as const;

/**
 * One connection attempt: a client that is ready, of a server that is fit. Rejects with `ConnectionError`, or with
 * `NotImplemented` for a Redis that is too old; its socket is gone then. `onEnd`: the connection ended, before or after.
 */
export async function openClient(
  dialler: Dialler,
  options: {
    readonly timeoutMs: number;
    readonly check: boolean;
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
    await within(dialler.clock, options.timeoutMs, ready(client, options.check), () =>
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

async function ready(client: RedisClient, check: boolean): Promise<void> {
  await client.connect();
  if (check) checkInfo(await infoOf(client));
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

function checkInfo(info: string): void {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  if (field('loading') === '1') throw new Error('the server is still loading its data');
  if (field('role') === 'slave')
    throw new Error('the server is a replica; name its master, or use sentinel=');
  const version = field('redis_version');
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1])) return;
  throw new NotImplemented(
    `the server is Redis ${version}; this driver needs ${LEAST_VERSION.join('.')} or newer`,
  );
}
