import { Redis } from 'ioredis';
import { Mutex } from 'redis-semaphore';
import { LOCK_TTL_MS, type OpenContender } from './contender.js';
import { unlessEnded } from './unless-ended.js';

/** redis-semaphore's Mutex with its own settings, but for the time to live and for waiting as long as it takes. */
export async function openRedisSemaphore(url: string): Promise<OpenContender> {
  const client = new Redis(url);
  return {
    locker(name, signal) {
      const mutex = new Mutex(client, name, {
        lockTimeout: LOCK_TTL_MS,
        acquireTimeout: Number.POSITIVE_INFINITY,
      });
      return {
        acquire: () => mutex.tryAcquire(signal).catch((error: unknown) => unlessEnded(error, signal)),
        release: () => mutex.release(),
      };
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}
