import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { within } from '../../../src/drivers/redis/within.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { type DriverOnOptions, driverOn } from './driver-on.js';

/** What is used of a `Redis`, whose own type is so large that to check this file against it takes seconds. */
interface Client {
  ping(): Promise<string>;
  info(section: string): Promise<string>;
  script(subcommand: 'FLUSH'): Promise<unknown>;
  disconnect(): void;
}

let server: RedisServer;
let redis: Client;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  await redis.ping();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** The process does nothing else, for instance because it collects garbage. */
function block(ms: number): void {
  const endsAt = systemClock.monotonic() + ms;
  while (systemClock.monotonic() < endsAt);
}

const connections = async (): Promise<number> =>
  Number(/total_connections_received:(\d+)/.exec(await redis.info('stats'))?.[1]);

describe('a server that answered while the event loop was blocked', () => {
  test.each<[what: string, options: DriverOnOptions]>([
    ['for longer than it may be silent', { lockTtlMs: 500, timeoutMs: 5_000 }],
    ['for longer than a call may last', { timeoutMs: 250 }],
  ])('has answered in time (%s)', async (_what, options) => {
    await using on = await driverOn(server.url, options);
    expect(await on.driver.listGroups()).toEqual([]);
    const before = await connections();
    const answer = on.driver.listGroups();
    block(400);
    expect(await answer).toEqual([]);
    expect(await connections()).toBe(before);
  });

  test('has answered, also when it only said that it does not know the script', async () => {
    await using on = await driverOn(server.url, { lockTtlMs: 500 });
    await redis.script('FLUSH');
    const before = await connections();
    const answer = on.driver.listGroups();
    block(400);
    expect(await answer).toEqual([]);
    expect(await connections()).toBe(before);
  });

  test('is not late for an attempt or a probe either', async () => {
    const answer = within(systemClock, 20, redis.ping(), () => new Error('late'));
    block(100);
    expect(await answer).toBe('PONG');
  });
});

test('one that has not answered is late', async () => {
  server.pause();
  const answer = within(systemClock, 20, redis.ping(), () => new Error('late'));
  await expect(answer).rejects.toThrow('late');
  server.resume();
});
