import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hint } from '../../../src/driver/index.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { ALL_FORMATS, type DriverOn, driverOn, leaderOf, lockNamed } from './driver-on.js';
import { beating, drop, take, wanting } from './requests.js';

const lock = lockNamed('lk');
const KEY = '_tooz_lk_lock';

let server: RedisServer;
let redis: Redis;
let a: DriverOn;
let b: DriverOn;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

beforeEach(async () => {
  a = await driverOn(server.url, { clientId: 'a', memberId: 'ada' });
  b = await driverOn(server.url, { clientId: 'b', memberId: 'ben' });
});

afterEach(async () => {
  await a.driver.close();
  await b.driver.close();
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const exclusive = (token: string) => ({ lock, token, mode: 'exclusive' as const });
const shared = (token: string) => ({ lock, token, mode: 'shared' as const });
const beat = (on: DriverOn, parts: Parameters<typeof beating>[1]) => on.driver.beat(beating('m', parts));
/** The claim of whoever was told to claim is over by the server's clock. */
const endClaim = async (): Promise<void> => {
  const claim = await redis.hget('_tooz_x:waiters:lk:', 'claim');
  expect(claim).toMatch(/^\d+:.+/);
  await redis.hset('_tooz_x:waiters:lk:', 'claim', claim?.replace(/^\d+/, '1') ?? '');
};
/** This waiter has not beaten for too long. */
const die = (token: string): Promise<unknown> => redis.zadd('_tooz_x:alive:lk:', 1, token);
const turn =
  (token: string, afterMs?: number) =>
  (hint: Hint): boolean =>
    hint.type === 'turn' && hint.token === token && (afterMs === undefined || hint.afterMs === afterMs);

describe('one holder', () => {
  test('B5: its own token is success, with a full lease and the same fence', async () => {
    const fence = await take(a.driver, lock, 'a.1');
    await redis.pexpire(KEY, 50);
    expect(await take(a.driver, lock, 'a.1')).toBe(fence);
    expect(await redis.pttl(KEY)).toBeGreaterThan(50);
    expect(await b.driver.acquire(wanting(lock, 'b.1', { wait: false }))).toEqual({ status: 'refused' });
  });

  test('B6, B7: only the holder’s token releases, and only once', async () => {
    await take(a.driver, lock, 'a.1');
    expect(await drop(b.driver, lock, 'b.1')).toBe(false);
    expect(await drop(a.driver, lock, 'a.1')).toBe(true);
    await take(b.driver, lock, 'b.2');
    const value = await redis.get(KEY);
    await redis.pexpire(KEY, 5_000);
    expect(await drop(a.driver, lock, 'a.1')).toBe(false);
    expect((await beat(a, { leases: [exclusive('a.1')] })).leases).toEqual(['lost']);
    expect(await redis.get(KEY)).toBe(value);
    expect(await redis.pttl(KEY)).toBeLessThanOrEqual(5_000);
  });

  test('a token that begins like another is another', async () => {
    await take(a.driver, lock, 'a.11');
    expect(await drop(a.driver, lock, 'a.1')).toBe(false);
    expect((await beat(a, { leases: [exclusive('a.1')] })).leases).toEqual(['lost']);
    expect(await a.driver.acquire(wanting(lock, 'a.1', { wait: false }))).toEqual({ status: 'refused' });
  });

  test('B8: a renewal re-creates nothing', async () => {
    await take(a.driver, lock, 'a.1');
    await redis.del(KEY);
    expect((await beat(a, { leases: [exclusive('a.1')] })).leases).toEqual(['lost']);
    expect(await redis.exists(KEY)).toBe(0);
  });

  test('a beat renews to the full lease', async () => {
    await take(a.driver, lock, 'a.1');
    await redis.pexpire(KEY, 50);
    expect((await beat(a, { leases: [exclusive('a.1')] })).leases).toEqual(['renewed']);
    expect(await redis.pttl(KEY)).toBeGreaterThan(50);
  });

  test('B27: after a loss of all data the holder hears it, and fences go on above', async () => {
    const fence = await take(a.driver, lock, 'a.1');
    await redis.flushall();
    expect(await take(b.driver, lock, 'b.1')).toBeGreaterThan(fence);
    expect((await beat(a, { leases: [exclusive('a.1')] })).leases).toEqual(['lost']);
    // A replica that had not received the last grants.
    await redis.set('_tooz_x:counter:fence:', String(fence - 1_000_000));
    await drop(b.driver, lock, 'b.1');
    expect(await take(a.driver, lock, 'a.2')).toBeGreaterThan(fence);
  });

  test('break tells the holder, whose release then leaves the next one alone', async () => {
    await a.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    expect(await b.driver.revoke(lock, 'break')).toBe(true);
    expect(await b.driver.revoke(lock, 'break')).toBe(false);
    await a.hint((hint) => hint.type === 'holder' && hint.token === 'a.1');
    await take(b.driver, lock, 'b.1');
    expect(await drop(a.driver, lock, 'a.1')).toBe(false);
    expect((await b.driver.inspect(lock)).holders).toMatchObject([{ memberId: 'ben' }]);
  });

  test('ask reaches the holder by push and by its beat until it releases', async () => {
    await a.driver.listen(new Set());
    expect(await b.driver.revoke(leaderOf('g'), 'ask')).toBe(false);
    await take(a.driver, leaderOf('g'), 'a.1');
    const lease = { lock: leaderOf('g'), token: 'a.1', mode: 'exclusive' } as const;
    expect((await beat(a, { leases: [lease] })).leases).toEqual(['renewed']);
    expect(await b.driver.revoke(leaderOf('g'), 'ask')).toBe(true);
    await a.hint((hint) => hint.type === 'holder' && hint.token === 'a.1');
    expect((await beat(a, { leases: [lease] })).leases).toEqual(['asked']);
    expect((await beat(a, { leases: [lease] })).leases).toEqual(['asked']);
    await drop(a.driver, leaderOf('g'), 'a.1');
    await take(a.driver, leaderOf('g'), 'a.2');
    expect((await beat(a, { leases: [{ ...lease, token: 'a.2' }] })).leases).toEqual(['renewed']);
  });
});

describe('Python holds it', () => {
  beforeEach(() => redis.set(KEY, 'bea9edd0e61311f18b1302fc00000001', 'PX', 10_000));

  test('nobody gets it, the head looks every 100 ms, and its holder cannot be read', async () => {
    for (const mode of ['exclusive', 'shared'] as const)
      expect(await a.driver.acquire(wanting(lock, 'a.1', { mode, wait: false }))).toEqual({
        status: 'refused',
      });
    expect(await a.driver.acquire(wanting(lock, 'a.2'))).toEqual({ status: 'queued', retryAfterMs: 100 });
    expect(await b.driver.acquire(wanting(lock, 'b.1'))).toEqual({ status: 'queued', retryAfterMs: null });
    expect((await beat(a, { waiters: [exclusive('a.2')] })).waiters).toEqual([
      { place: 'head', retryAfterMs: 100 },
    ]);
    expect(await a.driver.revoke(lock, 'ask')).toBe(false);
    expect((await a.driver.inspect(lock)).holders).toMatchObject([{ memberId: undefined, fence: null }]);
    await redis.del(KEY);
    expect(await take(a.driver, lock, 'a.2')).toBeGreaterThan(0);
  });

  test('a lock without an end', async () => {
    await redis.persist(KEY);
    expect(await a.driver.acquire(wanting(lock, 'a.1'))).toEqual({ status: 'queued', retryAfterMs: 100 });
    expect((await a.driver.inspect(lock)).holders).toMatchObject([{ ttlMs: null }]);
  });
});

describe('waiting (5.12)', () => {
  test('is first come, first served, and a newcomer does not pass', async () => {
    await take(a.driver, lock, 'a.1');
    const head = await b.driver.acquire(wanting(lock, 'b.1'));
    expect(head.status === 'queued' && head.retryAfterMs).toBeGreaterThan(0);
    expect(await a.driver.acquire(wanting(lock, 'a.2'))).toEqual({ status: 'queued', retryAfterMs: null });
    await drop(a.driver, lock, 'a.1');
    // The claim of the head is under way: the second comes after it, others not at all.
    expect(await a.driver.acquire(wanting(lock, 'a.3', { wait: false }))).toEqual({ status: 'refused' });
    const second = await a.driver.acquire(wanting(lock, 'a.2'));
    expect(second.status === 'queued' && second.retryAfterMs).toBeGreaterThan(0);
    await take(b.driver, lock, 'b.1');
    await drop(b.driver, lock, 'b.1');
    await take(a.driver, lock, 'a.2');
    expect((await a.driver.inspect(lock)).waiters).toEqual([]);
  });

  test('a release wakes the head, and the second for when the claim ends', async () => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2', 'b.3']) await b.driver.acquire(wanting(lock, token));
    await drop(a.driver, lock, 'a.1');
    await b.hint(turn('b.1', 0));
    await b.hint(turn('b.2', 1_000));
    await take(b.driver, lock, 'b.1');
    const told = await b.hint(turn('b.2'));
    expect(told.type === 'turn' && told.afterMs).toBeGreaterThan(1_000);
    expect(b.hints.some(turn('b.3'))).toBe(false);
  });

  test('a head that does not claim loses its place to the second', async () => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2', 'b.3']) await b.driver.acquire(wanting(lock, token));
    await drop(a.driver, lock, 'a.1');
    await endClaim();
    await take(b.driver, lock, 'b.2');
    expect((await beat(b, { waiters: [exclusive('b.1')] })).waiters).toEqual([{ place: 'gone' }]);
    await b.hint(turn('b.3'));
  });

  test('a dead waiter is dropped, and the next is told by push and by its beat', async () => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2', 'b.3']) await b.driver.acquire(wanting(lock, token));
    await die('b.1');
    const { waiters } = await beat(b, { waiters: [exclusive('b.2'), exclusive('b.3'), exclusive('b.4')] });
    expect(waiters).toMatchObject([{ place: 'head' }, { place: 'queued' }, { place: 'gone' }]);
    await die('b.2');
    await a.driver.inspect(lock);
    expect(await a.driver.acquire(wanting(lock, 'a.2', { wait: false }))).toEqual({ status: 'refused' });
    expect((await a.driver.inspect(lock)).waiters).toEqual([{ memberId: 'ben', mode: 'exclusive' }]);
  });

  test.each([
    ['inspect', () => a.driver.inspect(lock)],
    ['ask', () => a.driver.revoke(lock, 'ask')],
  ])('who moves up as %s drops a dead head is told', async (_how, look) => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2']) await b.driver.acquire(wanting(lock, token));
    await die('b.1');
    await look();
    const told = await b.hint(turn('b.2'));
    expect(told.type === 'turn' && told.afterMs).toBeGreaterThan(1_000);
  });

  test('who gives up leaves the queue, and the next takes its place', async () => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2', 'b.3', 'b.4']) await b.driver.acquire(wanting(lock, token));
    expect(await drop(b.driver, lock, 'b.1')).toBe(false);
    await b.hint(turn('b.2'));
    await drop(a.driver, lock, 'a.1');
    await b.hint(turn('b.2', 0));
    await b.hint(turn('b.3', 1_000));
    await drop(b.driver, lock, 'b.3');
    // The claim of b.2 is running: b.4 is the second now.
    await b.hint(turn('b.4'));
    await drop(b.driver, lock, 'b.2');
    await b.hint(turn('b.4', 0));
    await take(b.driver, lock, 'b.4');
  });

  test('an emptied server: waiters hear that they are gone, and queue again', async () => {
    await take(a.driver, lock, 'a.1');
    await b.driver.acquire(wanting(lock, 'b.1'));
    await redis.flushall();
    expect((await beat(b, { waiters: [exclusive('b.1')] })).waiters).toEqual([{ place: 'gone' }]);
    await take(b.driver, lock, 'b.1');
  });

  test('the head looks when a lease of ours ends', async () => {
    await take(a.driver, lock, 'a.1');
    await redis.pexpire(KEY, 4_000);
    const reply = await b.driver.acquire(wanting(lock, 'b.1'));
    expect(reply.status === 'queued' && reply.retryAfterMs).toBeLessThanOrEqual(4_001);
    await redis.del(KEY);
    expect((await beat(b, { waiters: [exclusive('b.1')] })).waiters).toEqual([
      { place: 'head', retryAfterMs: 0 },
    ]);
  });
});

describe('shared (5.11)', () => {
  test('readers together, writers alone, and a waiting writer is not passed', async () => {
    await take(a.driver, lock, 'a.1', { mode: 'shared' });
    await take(b.driver, lock, 'b.1', { mode: 'shared' });
    expect(await a.driver.acquire(wanting(lock, 'a.2', { wait: false }))).toEqual({ status: 'refused' });
    await a.driver.acquire(wanting(lock, 'a.3'));
    expect((await b.driver.acquire(wanting(lock, 'b.2', { mode: 'shared' }))).status).toBe('queued');
    const reading = await a.driver.inspect(lock);
    expect(reading.mode).toBe('shared');
    expect(reading.holders.map((one) => one.memberId).sort()).toEqual(['ada', 'ben']);
    expect(reading.waiters).toEqual([
      { memberId: 'ada', mode: 'exclusive' },
      { memberId: 'ben', mode: 'shared' },
    ]);
    expect(await drop(a.driver, lock, 'a.1', 'shared')).toBe(true);
    expect((await a.driver.acquire(wanting(lock, 'a.3'))).status).toBe('queued');
    expect(await drop(b.driver, lock, 'b.1', 'shared')).toBe(true);
    expect(await drop(b.driver, lock, 'b.1', 'shared')).toBe(false);
    await take(a.driver, lock, 'a.3');
  });

  test('a grant to a reader wakes the next reader', async () => {
    await b.driver.listen(new Set());
    await take(a.driver, lock, 'a.1');
    for (const token of ['b.1', 'b.2']) await b.driver.acquire(wanting(lock, token, { mode: 'shared' }));
    await drop(a.driver, lock, 'a.1');
    await b.hint(turn('b.1', 0));
    await take(b.driver, lock, 'b.1', { mode: 'shared' });
    await b.hint(turn('b.2', 0));
    await take(b.driver, lock, 'b.2', { mode: 'shared' });
  });

  test('the PX is that of the latest reader, whoever joins or leaves', async () => {
    await take(a.driver, lock, 'a.1', { mode: 'shared', ttlMs: 20_000 });
    await take(b.driver, lock, 'b.1', { mode: 'shared', ttlMs: 1_000 });
    expect(await redis.pttl(KEY)).toBeGreaterThan(1_000);
    expect((await beat(b, { leases: [shared('b.1')], lockTtlMs: 2_000 })).leases).toEqual(['renewed']);
    expect(await redis.pttl(KEY)).toBeGreaterThan(2_000);
    await drop(a.driver, lock, 'a.1', 'shared');
    for (const key of [KEY, '_tooz_x:readers:lk:', '_tooz_x:who:lk:']) {
      expect(await redis.pttl(key)).toBeLessThanOrEqual(2_000);
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
  });

  test('B5: its own token refreshes its expiry', async () => {
    const fence = await take(a.driver, lock, 'a.1', { mode: 'shared', ttlMs: 1_000 });
    expect(await take(a.driver, lock, 'a.1', { mode: 'shared', ttlMs: 9_000 })).toBe(fence);
    expect(await redis.pttl(KEY)).toBeGreaterThan(1_000);
    expect((await a.driver.inspect(lock)).holders).toHaveLength(1);
  });

  test('a reader whose lease has ended does not count', async () => {
    await take(a.driver, lock, 'a.1', { mode: 'shared' });
    await take(b.driver, lock, 'b.1', { mode: 'shared' });
    await redis.zadd('_tooz_x:readers:lk:', 1, 'a.1');
    expect((await beat(a, { leases: [shared('a.1')] })).leases).toEqual(['lost']);
    await drop(b.driver, lock, 'b.1', 'shared');
    await take(a.driver, lock, 'a.2');
  });

  test('after Python’s break, and another’s lock, the readers hear the loss and touch nothing', async () => {
    await take(a.driver, lock, 'a.1', { mode: 'shared' });
    await redis.del(KEY);
    await redis.set(KEY, 'python', 'PX', 5_000, 'NX');
    expect((await beat(a, { leases: [shared('a.1')] })).leases).toEqual(['lost']);
    expect(await redis.exists('_tooz_x:readers:lk:', '_tooz_x:who:lk:')).toBe(0);
    expect(await drop(a.driver, lock, 'a.1', 'shared')).toBe(false);
    expect(await redis.get(KEY)).toBe('python');
  });

  test('after a break the next epoch has nothing of the last', async () => {
    await take(a.driver, lock, 'a.1', { mode: 'shared' });
    await redis.del(KEY);
    await take(b.driver, lock, 'b.1', { mode: 'shared' });
    expect((await b.driver.inspect(lock)).holders).toMatchObject([{ memberId: 'ben' }]);
    expect(await drop(a.driver, lock, 'a.1', 'shared')).toBe(false);
    expect(await b.driver.acquire(wanting(lock, 'b.2', { wait: false }))).toEqual({ status: 'refused' });
  });

  test('break takes it from all readers and tells each', async () => {
    await a.driver.listen(new Set());
    await take(a.driver, lock, 'a.1', { mode: 'shared' });
    await take(a.driver, lock, 'a.2', { mode: 'shared' });
    expect(await b.driver.revoke(lock, 'break')).toBe(true);
    for (const token of ['a.1', 'a.2'])
      await a.hint((hint) => hint.type === 'holder' && hint.token === token);
    await take(b.driver, lock, 'b.1');
  });
});

describe('several key formats (5.8)', () => {
  let all: DriverOn;
  const keys = [KEY, "b'_tooz'_b'lk'_lock", "b'_tooz'_lk_lock"];

  beforeEach(async () => {
    all = await driverOn(server.url, { clientId: 'z', memberId: 'zoe', lockKeyFormats: ALL_FORMATS });
  });

  afterEach(() => all.driver.close());

  test('are taken, renewed and released together', async () => {
    const fence = await take(all.driver, lock, 'z.1');
    expect(await redis.mget(keys)).toEqual(keys.map(() => `holdfast:z.1:zoe:${fence}`));
    for (const key of keys) await redis.pexpire(key, 50);
    expect((await beat(all, { leases: [exclusive('z.1')] })).leases).toEqual(['renewed']);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(50);
    expect(await drop(all.driver, lock, 'z.1')).toBe(true);
    expect(await redis.exists(keys)).toBe(0);
    await take(all.driver, lock, 'z.2', { mode: 'shared' });
    expect(new Set(await redis.mget(keys)).size).toBe(1);
    expect(await drop(all.driver, lock, 'z.2', 'shared')).toBe(true);
    expect(await redis.exists(keys)).toBe(0);
  });

  test.each(keys)('nothing is taken while Python holds %s', async (held) => {
    await redis.set(held, 'python', 'PX', 10_000);
    for (const mode of ['exclusive', 'shared'] as const)
      expect(await all.driver.acquire(wanting(lock, 'z.1', { mode, wait: false }))).toEqual({
        status: 'refused',
      });
    expect(await redis.exists(keys)).toBe(1);
    expect((await all.driver.inspect(lock)).holders).toMatchObject([{ memberId: undefined }]);
    expect(await redis.get(held)).toBe('python');
  });

  test.each(keys)('a break of %s alone is a loss, and what is left goes', async (broken) => {
    await take(all.driver, lock, 'z.1');
    await redis.del(broken);
    expect((await beat(all, { leases: [exclusive('z.1')] })).leases).toEqual(['lost']);
    expect(await redis.exists(keys)).toBe(0);
    await take(all.driver, lock, 'z.2');
    await redis.set(broken, 'python', 'PX', 10_000);
    expect(await drop(all.driver, lock, 'z.2')).toBe(false);
    expect(await redis.exists(keys)).toBe(1);
    await redis.del(broken);
    await take(all.driver, lock, 'z.3');
    await redis.del(broken);
    await take(all.driver, lock, 'z.3');
    expect(await redis.exists(keys)).toBe(keys.length);
  });

  test.each(keys)('a break of %s alone ends its readers too', async (broken) => {
    await take(all.driver, lock, 'z.1', { mode: 'shared' });
    await redis.del(broken);
    await redis.set(broken, 'python', 'PX', 10_000, 'NX');
    expect((await beat(all, { leases: [shared('z.1')] })).leases).toEqual(['lost']);
    expect(await redis.exists(keys)).toBe(1);
    await redis.del(broken);
    await take(all.driver, lock, 'z.2');
  });
});
