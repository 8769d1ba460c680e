import { once } from 'node:events';
import { Redis } from 'ioredis';
import { LOCK_TTL_MS } from '../contenders/contender.js';
import { load } from '../contenders/floor.js';
import type { Watched } from './protocol.js';

const JOIN = `redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) return redis.call('PUBLISH', KEYS[1], 'joined')`;
const LEAVE = `redis.call('DEL', KEYS[1]) return redis.call('PUBLISH', KEYS[1], 'left')`;
const KEY = 'floor_watched';

/** The least that tells somebody: one script that writes one key and publishes, and one subscription. */
export async function openWatchedFloor(url: string): Promise<Watched> {
  const [client, subscriber] = [new Redis(url), new Redis(url)];
  const [join, leave] = [await load(client, JOIN), await load(client, LEAVE)];
  await subscriber.subscribe(KEY);
  const heard = async (call: Promise<unknown>): Promise<void> => {
    await Promise.all([once(subscriber, 'message'), call]);
  };
  return {
    join: () => heard(client.evalsha(join, 1, KEY, LOCK_TTL_MS)),
    leave: () => heard(client.evalsha(leave, 1, KEY)),
    async [Symbol.asyncDispose]() {
      await Promise.all([client.quit(), subscriber.quit()]);
    },
  };
}
