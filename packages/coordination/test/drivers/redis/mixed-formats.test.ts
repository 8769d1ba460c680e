import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LockKey, LockKeyFormat, LockMode } from '../../../src/driver/index.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { ALL_FORMATS, type DriverOn, driverOn, leaderOf, lockNamed } from './driver-on.js';
import { beating, drop, take, wanting } from './requests.js';

const lock = lockNamed('lk');
const KEY_9 = '_tooz_lk_lock';
const KEY_8 = "b'_tooz'_b'lk'_lock";
const READERS = '_tooz_x:readers:lk:';

let server: RedisServer;
let redis: Redis;
const open: DriverOn[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterEach(async () => {
  for (const on of open.splice(0)) await on.driver.close();
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const client = async (clientId: string, ...lockKeyFormats: LockKeyFormat[]): Promise<DriverOn> => {
  const on = await driverOn(server.url, { clientId, memberId: `of-${clientId}`, lockKeyFormats });
  open.push(on);
  return on;
};
const read = (on: DriverOn, token: string): Promise<number> =>
  take(on.driver, lock, token, { mode: 'shared' });
const attempt = async (on: DriverOn, token: string, mode: LockMode, key: LockKey = lock): Promise<string> =>
  (await on.driver.acquire(wanting(key, token, { mode, wait: false }))).status;
const beat = async (on: DriverOn, token: string, mode: LockMode, key: LockKey = lock): Promise<unknown> =>
  (await on.driver.beat(beating('m', { leases: [{ lock: key, token, mode }] }))).leases[0];
const python = (key: string): Promise<unknown> => redis.set(key, 'python', 'PX', 10_000, 'NX');

describe('clients that know a lock by different keys (5.8, 5.11)', () => {
  let nine: DriverOn;
  let both: DriverOn;

  beforeEach(async () => {
    nine = await client('n', 'tooz9');
    both = await client('b', 'tooz9', 'tooz8-bytes');
  });

  test('a reader of one key keeps out a writer of two, which touches nothing of it', async () => {
    const fence = await read(nine, 'n.1');
    expect(await attempt(both, 'b.1', 'exclusive')).toBe('refused');
    const queued = await both.driver.acquire(wanting(lock, 'b.2'));
    expect(queued.status === 'queued' && queued.retryAfterMs).toBeGreaterThan(1_000);
    expect(await redis.get(KEY_9)).toBe(`shared:${fence}`);
    expect(await both.driver.inspect(lock)).toMatchObject({
      mode: 'shared',
      holders: [{ memberId: 'of-n' }],
    });
    expect(await beat(nine, 'n.1', 'shared')).toBe('renewed');
    expect(await drop(nine.driver, lock, 'n.1', 'shared')).toBe(true);
    await take(both.driver, lock, 'b.2');
  });

  test.each(['one key first', 'two keys first'])(
    'a reader of one key keeps both, also when it is the last (%s)',
    async (order) => {
      if (order === 'one key first') await read(nine, 'n.1');
      const epoch = await read(both, 'b.1');
      if (order === 'two keys first') await read(nine, 'n.1');
      expect(await redis.get(KEY_8)).toBe(await redis.get(KEY_9));
      if (order === 'two keys first') expect(await redis.get(KEY_8)).toBe(`shared:${epoch}`);
      expect(await drop(both.driver, lock, 'b.1', 'shared')).toBe(true);
      for (const key of [KEY_8, KEY_9]) await redis.pexpire(key, 500);
      expect(await beat(nine, 'n.1', 'shared')).toBe('renewed');
      for (const key of [KEY_8, KEY_9]) expect(await redis.pttl(key)).toBeGreaterThan(500);
      expect(await attempt(both, 'b.2', 'exclusive')).toBe('refused');
      expect(await python(KEY_8)).toBeNull();
      expect(await drop(nine.driver, lock, 'n.1', 'shared')).toBe(true);
      expect(await redis.exists(KEY_8, KEY_9, READERS, '_tooz_x:who:lk:')).toBe(0);
    },
  );

  test('a reader whose reply was lost joins with all its keys, once', async () => {
    await read(nine, 'n.1');
    const fence = await read(both, 'b.1');
    expect(await read(both, 'b.1')).toBe(fence);
    expect((await both.driver.inspect(lock)).holders).toHaveLength(2);
    expect(await redis.get(KEY_8)).toBe(await redis.get(KEY_9));
  });

  test.each([KEY_8, KEY_9])('Python’s break of %s ends the epoch for all its readers', async (key) => {
    await read(nine, 'n.1');
    await read(both, 'b.1');
    await redis.del(key);
    await python(key);
    expect(await beat(nine, 'n.1', 'shared')).toBe('lost');
    expect(await beat(both, 'b.1', 'shared')).toBe('lost');
    expect(await redis.exists(KEY_8, KEY_9, READERS)).toBe(1);
    expect(await redis.get(key)).toBe('python');
  });

  test('a reader does not join while another of its keys is held, and harms no reader', async () => {
    await read(nine, 'n.1');
    await python(KEY_8);
    expect(await attempt(both, 'b.1', 'shared')).toBe('refused');
    expect(await both.driver.acquire(wanting(lock, 'b.2', { mode: 'shared' }))).toEqual({
      status: 'queued',
      retryAfterMs: 100,
    });
    expect(await beat(nine, 'n.1', 'shared')).toBe('renewed');
    await redis.del(KEY_8);
    await take(both.driver, lock, 'b.2', { mode: 'shared' });
  });

  test('readers who have all lapsed leave none of their keys', async () => {
    await read(nine, 'n.1');
    await read(both, 'b.1');
    for (const token of ['n.1', 'b.1']) await redis.zadd(READERS, 1, token);
    await take(nine.driver, lock, 'n.2');
    expect(await redis.get(KEY_8)).toBeNull();
  });

  test('a break by who knows one key takes all from the readers of two', async () => {
    await read(both, 'b.1');
    expect(await nine.driver.revoke(lock, 'break')).toBe(true);
    expect(await redis.exists(KEY_8, KEY_9, READERS)).toBe(0);
    expect(await beat(both, 'b.1', 'shared')).toBe('lost');
  });

  test('a holder of one key hears who knows two', async () => {
    const leader = leaderOf('g');
    await nine.driver.listen(new Set());
    await take(nine.driver, leader, 'n.1');
    expect(await both.driver.revoke(leader, 'ask')).toBe(true);
    await nine.hint((hint) => hint.type === 'holder' && hint.token === 'n.1');
    expect(await beat(nine, 'n.1', 'exclusive', leader)).toBe('asked');
    expect(await both.driver.revoke(leader, 'break')).toBe(true);
    await nine.hint((hint) => hint.type === 'holder' && hint.token === 'n.1');
  });
});

describe('names as text and as bytes (5.8)', () => {
  const bytes = lockNamed('lk', false);

  test('are two locks under tooz8-text, each with its own readers and queue', async () => {
    const text = await client('t', 'tooz8-text');
    await read(text, 't.1');
    // The head of a queue goes the long way, past the readers.
    await take(text.driver, bytes, 't.2');
    await text.driver.acquire(wanting(bytes, 't.3'));
    expect(await drop(text.driver, bytes, 't.2')).toBe(true);
    await take(text.driver, bytes, 't.3');
    expect(await beat(text, 't.1', 'shared')).toBe('renewed');
    await text.driver.acquire(wanting(bytes, 't.4'));
    expect(await attempt(text, 't.5', 'shared')).toBe('granted');
    expect((await text.driver.inspect(lock)).waiters).toEqual([]);
  });

  test('are one lock where another format knows no difference', async () => {
    const on = await client('t', 'tooz9', 'tooz8-text');
    await read(on, 't.1');
    expect(await attempt(on, 't.2', 'exclusive', bytes)).toBe('refused');
    expect(await attempt(on, 't.3', 'shared', bytes)).toBe('granted');
    expect(await redis.get(KEY_8)).toBe(await redis.get(KEY_9));
    expect(await drop(on.driver, lock, 't.1', 'shared')).toBe(true);
    const leases = [
      { lock, token: 't.1', mode: 'shared' },
      { lock: bytes, token: 't.3', mode: 'shared' },
    ] as const;
    expect((await on.driver.beat(beating('m', { leases }))).leases).toEqual(['lost', 'renewed']);
    expect(await attempt(on, 't.4', 'exclusive')).toBe('refused');
  });

  test.each([bytes, leaderOf('g')])('formats that agree on a key: $kind $id', async (key) => {
    const on = await client('t', ...ALL_FORMATS);
    await take(on.driver, key, 't.1');
    expect(await beat(on, 't.1', 'exclusive', key)).toBe('renewed');
    expect(await drop(on.driver, key, 't.1')).toBe(true);
    await take(on.driver, key, 't.2', { mode: 'shared' });
    expect(await beat(on, 't.2', 'shared', key)).toBe('renewed');
    expect(await drop(on.driver, key, 't.2', 'shared')).toBe(true);
    await redis.del('_tooz_beats:m');
    expect(await redis.keys('*')).toEqual(['_tooz_x:counter:fence:']);
  });
});
