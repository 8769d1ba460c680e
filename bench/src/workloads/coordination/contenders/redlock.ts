import { Redis } from 'ioredis';
import Redlock from 'redlock';
import { LOCK_TTL_MS, type OpenContender } from './contender.js';

/** redlock on one server with its own settings, but for as many retries as it takes: a waiter is to get its turn. */
export async function openRedlock(url: string): Promise<OpenContender> {
  const client = new Redis(url);
  const redlock = new Redlock([client]);
  return {
    // Its waiting cannot be ended from outside; a waiter that gets the lock late gives it back at once.
    locker(name) {
      let lock: Awaited<ReturnType<typeof redlock.acquire>> | null = null;
      return {
        async acquire() {
          lock = await redlock.acquire([`redlock_${name}`], LOCK_TTL_MS, { retryCount: -1 });
          return true;
        },
        async release() {
          await lock?.release();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}
