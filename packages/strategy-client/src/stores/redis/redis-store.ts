import { keyText } from '../key-text.js';
import { OpenStore } from '../open-store.js';
import type { StrategyStoreProvider } from '../strategy-store.js';
import type { CreateRedisClient, RedisTemplate } from './client.js';
import { dialOf } from './dial.js';
import { type RedisStoreOptions, resolveRedisStoreOptions } from './options.js';
import { Session } from './session.js';

/**
 * Keeps the routing target in Redis (6 or newer), for all processes that use it with the same prefix. `source` is a URL,
 * a client of ioredis 5 or 6 (its options are used, it itself is not), or a function that makes one:
 * `(options) => new Redis({ ...mine, ...options })`; the last two are how to have Sentinel or client certificates.
 *
 * All stores of a provider share two connections, made when they are needed and gone with the last store. Redis away:
 * operations take at most `timeoutMs`, then none at all, and the managers of this process go on with what they know; the
 * logger of the first store gets one warning, and a line when Redis is back. Then Redis counts if somebody else has
 * changed it, and is told what was found here otherwise. Two processes that are without Redis do not hear of each other.
 *
 * Throws `INVALID_ARGUMENT` for a URL or option that is none.
 */
export function redisStore(
  source: string | RedisTemplate | CreateRedisClient,
  options: RedisStoreOptions = {},
): StrategyStoreProvider {
  const resolved = resolveRedisStoreOptions(options);
  const dial = dialOf(source, resolved.timeoutMs);
  let session: Session | null = null;
  return (key, context) => {
    session ??= new Session({
      ...resolved,
      dial,
      context,
      onClose: () => {
        session = null;
      },
    });
    const opened = session;
    return new OpenStore(context.logger, (hints) => opened.join(keyText(key), hints, context));
  };
}
