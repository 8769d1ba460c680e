import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { replyError } from '../../../src/drivers/redis/redis-error.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { type DriverOn, driverOn, lockNamed } from './driver-on.js';
import { beating, drop, take, wanting } from './requests.js';

const lock = lockNamed('lk');
const RETRYABLE = { name: 'ConnectionError', code: 'CONNECTION', retryable: true };

describe('a server that refuses for now', () => {
  let server: RedisServer;
  let control: Redis;
  let on: DriverOn;

  beforeAll(async () => {
    server = await startRedis();
    control = new Redis(server.url);
  });

  beforeEach(async () => {
    on = await driverOn(server.url, { clientId: 'a' });
  });

  afterEach(async () => {
    await on.driver.close();
    await control.flushall();
  });

  afterAll(async () => {
    control.disconnect();
    await server.stop();
  });

  test.each([
    ['OOM', 'maxmemory', '1', '0'],
    ['NOREPLICAS', 'min-replicas-to-write', '1', '0'],
  ])(
    '%s: nothing is done, it is worth another try, and the connection stays',
    async (code, setting, bad, good) => {
      await take(on.driver, lock, 'a.1');
      const before = await control.client('LIST');
      await control.config('SET', setting, bad);
      const refused = { ...RETRYABLE, message: expect.stringContaining(code) };
      await expect(on.driver.acquire(wanting(lockNamed('other'), 'a.2'))).rejects.toMatchObject(refused);
      await expect(on.driver.beat(beating('m'))).rejects.toMatchObject(refused);
      await expect(
        on.driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true }),
      ).rejects.toMatchObject(refused);
      await control.config('SET', setting, good);
      expect(await control.keys('*')).toEqual(expect.arrayContaining(['_tooz_lk_lock']));
      expect(await control.dbsize()).toBe(2);
      await take(on.driver, lockNamed('other'), 'a.2');
      expect(await drop(on.driver, lock, 'a.1')).toBe(true);
      expect(ids(await control.client('LIST'))).toEqual(ids(before));
    },
  );

  test('BUSY: somebody’s script that does not end', async () => {
    await control.config('SET', 'lua-time-limit', 1);
    const endless = new Redis(server.url);
    await endless.ping();
    const killed = endless.eval('while true do end', 0).catch((error: unknown) => error);
    let busy: unknown = null;
    while (busy === null)
      busy = await control.ping().then(
        () => null,
        (error: unknown) => error,
      );
    expect(busy).toMatchObject({ message: expect.stringMatching(/^BUSY/) });
    await expect(take(on.driver, lock, 'a.1')).rejects.toMatchObject(RETRYABLE);
    await control.script('KILL');
    expect(await killed).toBeInstanceOf(Error);
    await take(on.driver, lock, 'a.1');
    endless.disconnect();
  });
});

const ids = (list: unknown): string[] => [...String(list).matchAll(/^id=(\d+)/gm)].map(([, id = '']) => id);

describe('what the server says, as an error', () => {
  test.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    'ERR Error running script (call to f_0): @user_script:7: @user_script: 7: -OOM command not allowed',
    'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.',
    'NOREPLICAS Not enough good replicas to write.',
    'BUSY Redis is busy running a script.',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
  ])('passes: %s', (message) => {
    expect(replyError('acquire', new Error(message))).toMatchObject({
      ...RETRYABLE,
      message: expect.stringMatching(/^acquire: /),
    });
  });

  test.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'BUSYGROUP Consumer Group name already exists',
    'NOPERM this user has no permissions to run the eval command',
    'ERR unknown command',
  ])('does not: %s', (message) => {
    expect(replyError('acquire', new Error(message))).toMatchObject({ code: 'BACKEND', retryable: false });
  });
});
