import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Driver } from '../../../src/driver/index.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { driverOn, leaderOf, lockNamed } from './driver-on.js';
import { beating, drop, take, wanting } from './requests.js';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** Scripts that the server ran since the last time, and whatever else a client sent it; not what scripts did. */
async function commands(): Promise<Record<string, number>> {
  const stats = await redis.info('commandstats');
  await redis.config('RESETSTAT');
  const counted: Record<string, number> = {};
  for (const [, name = '', calls] of stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g))
    if (['evalsha', 'eval', 'info', 'ping', 'auth', 'client', 'hello', 'select'].includes(name))
      counted[name] = Number(calls);
  return counted;
}

const lock = lockNamed('lk');
const none = Uint8Array.of(0xc0);

const CALLS: readonly (readonly [string, (driver: Driver) => Promise<unknown>])[] = [
  ['createGroup', (driver) => driver.createGroup('g')],
  ['listGroups', (driver) => driver.listGroups()],
  ['join', (driver) => driver.join({ group: 'g', member: 'm', capabilities: none, create: true })],
  ['updateCapabilities', (driver) => driver.updateCapabilities('g', 'm', none)],
  [
    'readGroups of several',
    (driver) => driver.readGroups({ groups: ['g', 'h', 'i'], capabilities: true, self: 'm' }),
  ],
  ['acquire', (driver) => take(driver, lock, 'c.1')],
  ['acquire of a held lock', (driver) => driver.acquire(wanting(lock, 'c.2'))],
  ['inspect', (driver) => driver.inspect(lock)],
  [
    'beat',
    (driver) =>
      driver.beat(
        beating('m', {
          groups: ['g', 'h'],
          leases: [{ lock, token: 'c.1', mode: 'exclusive' }],
          waiters: [{ lock, token: 'c.2', mode: 'exclusive' }],
        }),
      ),
  ],
  ['release', (driver) => drop(driver, lock, 'c.1')],
  ['release of a place in the queue', (driver) => drop(driver, lock, 'c.2')],
  ['revoke', (driver) => driver.revoke(leaderOf('g'), 'ask')],
  ['leave', (driver) => driver.leave({ groups: ['g', 'h'], member: 'm', final: true })],
  ['deleteGroup', (driver) => driver.deleteGroup('g')],
];

describe('round trips', () => {
  test('opening asks once', async () => {
    await commands();
    await using on = await driverOn(server.url);
    expect(on.hints).toEqual([]);
    expect(await commands()).toEqual({ info: 1 });
  });

  test('each call is one script, which is sent whole only when the server does not know it', async () => {
    await using on = await driverOn(server.url);
    const run = async (expected?: Record<string, number>, before?: () => Promise<unknown>): Promise<void> => {
      for (const [name, call] of CALLS) {
        await before?.();
        await commands();
        await call(on.driver);
        const sent = await commands();
        if (expected) expect([name, sent]).toEqual([name, expected]);
      }
    };
    await run({ evalsha: 1, eval: 1 }, () => redis.script('FLUSH'));
    await run();
    await run({ evalsha: 1 });
  });

  test('1,000 leases are renewed in one', async () => {
    await using on = await driverOn(server.url);
    const leases = Array.from({ length: 1_000 }, (_, n) => ({
      lock: lockNamed(`many-${n}`),
      token: `c.${n}`,
      mode: 'exclusive' as const,
    }));
    await Promise.all(leases.map((lease) => take(on.driver, lease.lock, lease.token)));
    await on.driver.beat(beating('m'));
    await redis.del('_tooz_many-500_lock');
    await commands();
    const { leases: renewed } = await on.driver.beat(beating('m', { leases }));
    expect(await commands()).toEqual({ evalsha: 1 });
    expect(renewed.flatMap((one, n) => (one === 'renewed' ? [] : [[n, one]]))).toEqual([[500, 'lost']]);
  });
});
