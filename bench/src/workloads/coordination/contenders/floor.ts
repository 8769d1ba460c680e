import { Redis } from 'ioredis';
import { BenchError } from '../../../harness/bench-error.js';
import { LOCK_TTL_MS, type OpenContender } from './contender.js';

const ACQUIRE = `return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * The smallest pair of scripts that locks at all, called through ioredis with nothing around it: SET NX PX, then
 * compare and delete. It never waits, knows no fence, no loss and no queue.
 */
export async function openFloor(url: string): Promise<OpenContender> {
  const client = new Redis(url);
  const [acquire, release] = [await load(client, ACQUIRE), await load(client, RELEASE)];
  let tokens = 0;
  return {
    locker(name) {
      const key = `floor_${name}_lock`;
      let token = '';
      return {
        async acquire() {
          tokens += 1;
          token = `floor.${tokens}`;
          return (await client.evalsha(acquire, 1, key, token, LOCK_TTL_MS)) === 1;
        },
        async release() {
          if ((await client.evalsha(release, 1, key, token)) !== 1)
            throw new BenchError('WRONG_REPLY', `the floor lost ${key}`);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}

/** The name by which EVALSHA knows the script. */
export async function load(client: Redis, lua: string): Promise<string> {
  return String(await client.script('LOAD', lua));
}
