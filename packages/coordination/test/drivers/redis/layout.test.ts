import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fromBytes } from '../../../src/ids.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { ALL_FORMATS, driverOn, leaderOf, lockNamed } from './driver-on.js';
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

afterEach(() => redis.flushall());

/** All keys, as bytes in latin1. */
const keys = async (): Promise<string[]> =>
  (await redis.keysBuffer('*')).map((key) => key.toString('latin1')).sort();
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('keys of tooz, byte for byte (5.1)', () => {
  test('groups, members and beats', async () => {
    await using on = await driverOn(server.url, { namespace: 'my.ns', membershipTtlMs: 1234.5 });
    expect(await on.driver.createGroup('grü')).toBe('created');
    expect(await on.driver.createGroup('grü')).toBe('exists');
    expect(await keys()).toEqual(['my.ns_group:gr\xc3\xbc', 'my.ns_groups']);
    expect(await redis.smembers('my.ns_groups')).toEqual(['grü']);
    expect(await redis.hgetall('my.ns_group:grü')).toEqual({ __created__: '1' });

    const joined = await on.driver.join({
      group: 'grü',
      member: 'mé',
      capabilities: Uint8Array.of(0xc0),
      create: false,
    });
    expect(joined.status).toBe('joined');
    expect(await redis.hgetBuffer('my.ns_group:grü', 'mé')).toEqual(Buffer.of(0xc0));
    expect(await redis.get('my.ns_beats:mé')).toBe('Not dead!');
    // As Python's int(): 1,234.5 ms is 1,234.
    const pttl = await redis.pttl('my.ns_beats:mé');
    expect(pttl).toBeLessThanOrEqual(1_234);
    expect(pttl).toBeGreaterThan(0);
    expect(await keys()).toEqual(
      [
        'my.ns_beats:m\xc3\xa9',
        'my.ns_group:gr\xc3\xbc',
        'my.ns_groups',
        'my.ns_x:counter:fence:',
        'my.ns_x:incarnations:gr\xc3\xbc:',
      ].sort(),
    );

    expect(await on.driver.leave({ groups: ['grü'], member: 'mé', final: true })).toEqual(['left']);
    expect(await on.driver.deleteGroup('grü')).toBe('deleted');
    expect(await keys()).toEqual(['my.ns_x:counter:fence:']);
  });

  test('ids that are not UTF-8 are written and read as they are', async () => {
    await using on = await driverOn(server.url);
    const id = fromBytes(Uint8Array.of(0x67, 0xff, 0x00, 0xc3));
    await on.driver.join({ group: id, member: id, capabilities: Uint8Array.of(0x80), create: true });
    expect(await keys()).toContain('_tooz_group:g\xff\x00\xc3');
    expect(await keys()).toContain('_tooz_beats:g\xff\x00\xc3');
    expect(await on.driver.listGroups()).toEqual([id]);
    const [reading] = await on.driver.readGroups({ groups: [id], capabilities: true, self: id });
    expect(reading?.members).toMatchObject([{ id, capabilities: Buffer.of(0x80) }]);
    await take(on.driver, lockNamed(id), 'c.1');
    expect(await keys()).toContain('_tooz_g\xff\x00\xc3_lock');
    expect(await drop(on.driver, lockNamed(id), 'c.1')).toBe(true);
  });

  test('a lock, in the namespace and format of tooz 9', async () => {
    await using on = await driverOn(server.url, { namespace: 'my.ns' });
    await take(on.driver, lockNamed('x:y'), 'c.1', { ttlMs: 4_321 });
    expect(await keys()).toEqual(['my.ns_x:counter:fence:', 'my.ns_x:y_lock']);
    const pttl = await redis.pttl('my.ns_x:y_lock');
    expect(pttl).toBeLessThanOrEqual(4_321);
    expect(pttl).toBeGreaterThan(0);
  });

  test('the value tells token, member and fence, whatever the member is called', async () => {
    const memberId = 'a:b\n:7';
    await using on = await driverOn(server.url, { memberId });
    for (const lock of [lockNamed('lk'), leaderOf('g')]) {
      const fence = await take(on.driver, lock, 'c9.1');
      const key = lock.kind === 'lock' ? '_tooz_lk_lock' : '_tooz_leader_of_g_lock';
      expect(await redis.get(key)).toBe(`holdfast:c9.1:${memberId}:${fence}`);
      const { holders, mode } = await on.driver.inspect(lock);
      expect(mode).toBe('exclusive');
      expect(holders).toMatchObject([{ memberId, fence: BigInt(fence) }]);
    }
    await on.driver.createGroup('g');
    const [reading] = await on.driver.readGroups({ groups: ['g'], capabilities: false, self: 'x' });
    expect(reading?.leader?.memberId).toBe(memberId);
  });

  test.each([
    ['tooz9', ['_tooz_lk_lock'], ['_tooz_lk_lock'], ['_tooz_leader_of_g1_lock']],
    ['tooz8-bytes', ["b'_tooz'_b'lk'_lock"], ["b'_tooz'_b'lk'_lock"], ["b'_tooz'_b'leader_of_g1'_lock"]],
    ['tooz8-text', ["b'_tooz'_lk_lock"], ["b'_tooz'_b'lk'_lock"], ["b'_tooz'_b'leader_of_g1'_lock"]],
  ] as const)('keys of locks in format %s (5.8)', async (format, ofText, ofBytes, ofLeader) => {
    await using on = await driverOn(server.url, { lockKeyFormats: [format] });
    const cases = [
      [lockNamed('lk'), ofText],
      [lockNamed('lk', false), ofBytes],
      [leaderOf('g1'), ofLeader],
    ] as const;
    for (const [lock, expected] of cases) {
      await redis.flushall();
      await take(on.driver, lock, 'c.1');
      expect((await keys()).filter((key) => !key.includes('_x:'))).toEqual(expected.map(latin1));
    }
  });

  test.each([
    ['grü', "b'gr\\xc3\\xbc'"],
    ["it's", 'b"it\'s"'],
    [`it's "q"`, `b'it\\'s "q"'`],
    ['a\\b\n\r\t\x7f', "b'a\\\\b\\n\\r\\t\\x7f'"],
  ])('Python’s repr of the bytes of %j', async (name, repr) => {
    await using on = await driverOn(server.url, { lockKeyFormats: ['tooz8-bytes'] });
    await take(on.driver, lockNamed(name), 'c.1');
    expect(await redis.exists(`b'_tooz'_${repr}_lock`)).toBe(1);
  });
});

describe('keys of ours (5.10)', () => {
  test('all but the counter have a PX, whatever is under way, and end in a colon', async () => {
    await using on = await driverOn(server.url, { lockKeyFormats: ALL_FORMATS, clientId: 'c' });
    const { driver } = on;
    await driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await take(driver, lockNamed('shared'), 'c.1', { mode: 'shared' });
    await driver.acquire(wanting(lockNamed('shared'), 'c.2'));
    await driver.acquire(wanting(lockNamed('shared'), 'c.3', { mode: 'shared' }));
    await take(driver, leaderOf('g'), 'c.4');
    expect(await driver.revoke(leaderOf('g'), 'ask')).toBe(true);
    const extra = (await keys()).filter((key) => key.startsWith('_tooz_x:'));
    expect(extra).toEqual(
      [
        '_tooz_x:alive:shared:',
        '_tooz_x:ask:leader_of_g:',
        '_tooz_x:counter:fence:',
        '_tooz_x:incarnations:g:',
        '_tooz_x:queue:shared:',
        '_tooz_x:readers:shared:',
        '_tooz_x:waiters:shared:',
        '_tooz_x:who:shared:',
      ].sort(),
    );
    for (const key of extra)
      expect([key, (await redis.pttl(key)) > 0]).toEqual([key, key !== '_tooz_x:counter:fence:']);
  });

  test('nothing is left at rest but the counter', async () => {
    await using on = await driverOn(server.url, { clientId: 'c' });
    const { driver } = on;
    const lock = lockNamed('lk');
    await driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await take(driver, lock, 'c.1');
    await driver.acquire(wanting(lock, 'c.2', { mode: 'shared' }));
    await driver.acquire(wanting(lock, 'c.3', { mode: 'shared' }));
    await drop(driver, lock, 'c.1');
    await take(driver, lock, 'c.2', { mode: 'shared' });
    await take(driver, lock, 'c.3', { mode: 'shared' });
    await driver.acquire(wanting(lock, 'c.4'));
    await driver.beat(beating('m', { groups: ['g'], waiters: [{ lock, token: 'c.4', mode: 'exclusive' }] }));
    await drop(driver, lock, 'c.4');
    await drop(driver, lock, 'c.2', 'shared');
    await drop(driver, lock, 'c.3', 'shared');
    await take(driver, leaderOf('g'), 'c.5');
    await driver.revoke(leaderOf('g'), 'ask');
    await drop(driver, leaderOf('g'), 'c.5');
    await driver.leave({ groups: ['g'], member: 'm', final: true });
    await driver.deleteGroup('g');
    expect(await keys()).toEqual(['_tooz_x:counter:fence:']);
  });

  test('the counter is never behind the server’s clock, nor behind itself', async () => {
    await using on = await driverOn(server.url);
    const lock = lockNamed('lk');
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    const first = await take(on.driver, lock, 'c.1');
    expect(first).toBeGreaterThanOrEqual(seconds * 1_000_000 + micros);
    await drop(on.driver, lock, 'c.1');
    // As after a clock that stepped back.
    const ahead = first + 3_600_000_000;
    await redis.set('_tooz_x:counter:fence:', String(ahead));
    expect(await take(on.driver, lock, 'c.2')).toBe(ahead + 1);
    await drop(on.driver, lock, 'c.2');
    expect(await take(on.driver, lock, 'c.3', { mode: 'shared' })).toBe(ahead + 2);
    expect(await redis.get('_tooz_x:counter:fence:')).toBe(String(ahead + 2));
  });
});

test('a shared lock is a string that Python’s SET NX and compare leave alone (5.11)', async () => {
  await using on = await driverOn(server.url);
  const fence = await take(on.driver, lockNamed('lk'), 'c.1', { mode: 'shared' });
  expect(await redis.get('_tooz_lk_lock')).toBe(`shared:${fence}`);
  expect(await redis.zscore('_tooz_x:readers:lk:', 'c.1')).not.toBeNull();
  expect(await redis.set('_tooz_lk_lock', 'python', 'PX', 1_000, 'NX')).toBeNull();
});
