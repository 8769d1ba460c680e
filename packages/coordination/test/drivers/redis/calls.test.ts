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

  test('1,000 leases are renewed in one, and 2,500 in three that say the same', async () => {
    await using on = await driverOn(server.url);
    const leases = Array.from({ length: 2_500 }, (_, n) => ({
      lock: lockNamed(`many-${n}`),
      token: `c.${n}`,
      mode: 'exclusive' as const,
    }));
    await Promise.all(leases.map((lease) => take(on.driver, lease.lock, lease.token)));
    await on.driver.join({ group: 'g', member: 'm', capabilities: none, create: true });
    await on.driver.beat(beating('m'));
    await redis.del('_tooz_many-500_lock', '_tooz_many-2499_lock');
    const lost = async (held: typeof leases): Promise<readonly (readonly [number, string])[]> => {
      const { groups, leases: renewed } = await on.driver.beat(beating('m', { groups: ['g'], leases: held }));
      expect(groups).toEqual(['joined']);
      expect(renewed).toHaveLength(held.length);
      return renewed.flatMap((one, n) => (one === 'renewed' ? [] : [[n, one] as const]));
    };
    await commands();
    expect(await lost(leases.slice(0, 1_000))).toEqual([[500, 'lost']]);
    expect(await commands()).toEqual({ evalsha: 1 });
    expect(await lost(leases)).toEqual([
      [500, 'lost'],
      [2_499, 'lost'],
    ]);
    expect(await commands()).toEqual({ evalsha: 3 });
    expect(await redis.pttl('_tooz_many-2400_lock')).toBeGreaterThan(9_000);
  });

  test('places in queues of thousands of locks keep their order', async () => {
    await using on = await driverOn(server.url);
    const leases = Array.from({ length: 1_001 }, (_, n) => ({
      lock: lockNamed(`queued-${n}`),
      token: `c.${n}`,
      mode: 'exclusive' as const,
    }));
    await Promise.all(leases.map((lease) => take(on.driver, lease.lock, lease.token)));
    const waiters = leases.map((lease) => ({ ...lease, token: `w${lease.token}` }));
    for (const { lock, token } of waiters.filter((_, n) => n !== 1_000))
      await on.driver.acquire(wanting(lock, token));
    const reply = await on.driver.beat(beating('m', { leases: leases.slice(0, 3), waiters }));
    expect(reply.leases).toEqual(['renewed', 'renewed', 'renewed']);
    expect(reply.waiters.map(({ place }) => place)).toEqual([
      ...Array.from({ length: 1_000 }, () => 'head'),
      'gone',
    ]);
  });
});
