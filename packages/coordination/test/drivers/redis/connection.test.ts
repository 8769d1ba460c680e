import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedisDriver } from '../../../src/drivers/redis/index.js';
import { freePort, type RedisServer, startRedis } from '../../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { type DriverOn, type DriverOnOptions, driverOn, leaderOf, lockNamed } from './driver-on.js';
import { beating, drop, take, wanting } from './requests.js';

const lock = lockNamed('lk');
const none = Uint8Array.of(0xc0);

const LIBRARIES = [
  ['ioredis 6', undefined],
  ['ioredis 5', (options) => new Redis5(options)],
] as const satisfies readonly (readonly [string, DriverOnOptions['createClient']])[];

describe.each(LIBRARIES)('on %s', (_name, createClient) => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let on: DriverOn;
  let other: DriverOn;
  const strays: unknown[] = [];
  const stray = (error: unknown): unknown => strays.push(error);

  beforeEach(async () => {
    process.on('unhandledRejection', stray);
    server = await startRedis();
    proxy = await startTcpProxy(server.port);
    const library = createClient ? { createClient } : {};
    on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { ...library, clientId: 'a', memberId: 'ada' });
    other = await driverOn(server.url, { ...library, clientId: 'b', memberId: 'ben' });
  });

  afterEach(async () => {
    await on.driver.close();
    await other.driver.close();
    await proxy.stop();
    await server.stop();
    process.off('unhandledRejection', stray);
    expect(strays.splice(0)).toEqual([]);
  });

  test('the essentials work', async () => {
    await on.driver.listen(new Set(['g']));
    expect(await on.driver.createGroup('g')).toBe('created');
    const joined = await on.driver.join({ group: 'g', member: 'ada', capabilities: none, create: false });
    await on.hint((hint) => hint.type === 'group' && hint.group === 'g');
    const [group] = await other.driver.readGroups({ groups: ['g'], capabilities: true, self: 'ben' });
    expect(group?.members).toEqual([
      {
        id: 'ada',
        incarnation: joined.status === 'joined' && joined.incarnation,
        capabilities: Buffer.from(none),
      },
    ]);
    await take(other.driver, lock, 'b.1');
    expect((await on.driver.acquire(wanting(lock, 'a.1'))).status).toBe('queued');
    await drop(other.driver, lock, 'b.1');
    await on.hint((hint) => hint.type === 'turn' && hint.token === 'a.1');
    await take(on.driver, lock, 'a.1');
    expect((await on.driver.inspect(lock)).holders).toMatchObject([{ memberId: 'ada' }]);
    expect(await on.driver.beat(beating('ada', { groups: ['g'] }))).toEqual({
      groups: ['joined'],
      leases: [],
      waiters: [],
    });
  });

  test('B5: an acquire whose reply was lost owns the lock', async () => {
    await take(on.driver, lockNamed('warm'), 'a.0');
    const lost = proxy.dropNextReply('a.1');
    const fence = await take(on.driver, lock, 'a.1');
    await lost;
    expect((await other.driver.inspect(lock)).holders).toMatchObject([
      { memberId: 'ada', fence: BigInt(fence) },
    ]);
    expect(await drop(on.driver, lock, 'a.1')).toBe(true);
  });

  test('B6: a release whose reply was lost deletes nobody else’s', async () => {
    // So that the server knows the script, and executes what it is sent.
    await drop(on.driver, lock, 'a.0');
    await take(on.driver, lock, 'a.1');
    proxy.refuse(true);
    const lost = proxy.dropNextReply('a.1');
    const released = drop(on.driver, lock, 'a.1');
    await lost;
    await take(other.driver, lock, 'b.1');
    proxy.refuse(false);
    expect(await released).toBe(false);
    expect((await other.driver.inspect(lock)).holders).toMatchObject([{ memberId: 'ben' }]);
  });

  test('a break or request whose reply was lost is not sent again, to the next holder', async () => {
    const leader = leaderOf('g');
    const [holder, next] = ['b.1', 'b.2'];
    for (const how of ['break', 'ask'] as const) {
      await on.driver.revoke(leader, how);
      await take(other.driver, leader, holder);
      proxy.refuse(true);
      const lost = proxy.dropNextReply(how);
      const revoked = on.driver.revoke(leader, how).catch((error: unknown) => error);
      await lost;
      await drop(other.driver, leader, holder);
      await take(other.driver, leader, next);
      proxy.refuse(false);
      expect(await revoked).toMatchObject({
        code: 'CONNECTION',
        message: expect.stringContaining('it may have taken effect'),
      });
      const leases = [{ lock: leader, token: next, mode: 'exclusive' }] as const;
      expect((await other.driver.beat(beating('ben', { leases }))).leases).toEqual(['renewed']);
      await drop(other.driver, leader, next);
    }
  });

  test('a join whose reply was lost is the same join', async () => {
    await other.driver.createGroup('g');
    await other.driver.join({ group: 'g', member: 'ben', capabilities: none, create: false });
    await other.driver.leave({ groups: ['g'], member: 'ben', final: false });
    const lost = proxy.dropNextReply('ada');
    const reply = await on.driver.join({ group: 'g', member: 'ada', capabilities: none, create: false });
    await lost;
    expect(reply.status).toBe('joined');
    const gone = proxy.dropNextReply('ada');
    expect(await on.driver.leave({ groups: ['g'], member: 'ada', final: false })).toEqual(['left']);
    await gone;
  });

  test('creating and deleting a group are not sent twice', async () => {
    await other.driver.createGroup('warm');
    await other.driver.deleteGroup('warm');
    for (const call of [() => on.driver.createGroup('g'), () => on.driver.deleteGroup('g')]) {
      const lost = proxy.dropNextReply('_tooz_x:group:g:');
      await expect(call()).rejects.toMatchObject({
        code: 'CONNECTION',
        message: expect.stringContaining('it may have taken effect'),
      });
      await lost;
    }
    expect(await other.driver.listGroups()).toEqual([]);
  });

  test('B27: a server that comes back empty', async () => {
    await on.driver.listen(new Set(['g']));
    const fence = await take(on.driver, lock, 'a.1');
    on.hints.length = 0;
    await server.restart({ empty: true });
    const lease = { lock, token: 'a.1', mode: 'exclusive' } as const;
    expect((await on.driver.beat(beating('ada', { leases: [lease] }))).leases).toEqual(['lost']);
    expect(await take(other.driver, lock, 'b.1')).toBeGreaterThan(fence);
    await on.hint((hint) => hint.type === 'reset');
    // The subscription stands again when it says so.
    await other.driver.join({ group: 'g', member: 'ben', capabilities: none, create: true });
    await on.hint((hint) => hint.type === 'group');
  });

  test('a cut is survived by many calls under way', async () => {
    proxy.stall('down');
    const locks = Array.from({ length: 50 }, (_, n) => lockNamed(`lock-${n}`));
    const taken = Promise.all(locks.map((one, n) => take(on.driver, one, `a.${n}`)));
    proxy.cut();
    proxy.resume();
    expect(new Set(await taken).size).toBe(50);
  });
});

describe('bounds', () => {
  test('a server that hangs: calls time out, and go on when it does', async () => {
    await using server = await startRedis();
    await using on = await driverOn(server.url, { timeoutMs: 300 });
    await on.driver.listen(new Set());
    server.pause();
    const fates = await Promise.allSettled([
      on.driver.listGroups(),
      on.driver.acquire(wanting(lock, 'c.1')),
      on.driver.beat(beating('m')),
    ]);
    expect(fates.map((fate) => fate.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(fates[0]).toMatchObject({ reason: { code: 'TIMED_OUT', retryable: true } });
    // Now there is no connection either.
    await expect(on.driver.listGroups()).rejects.toMatchObject({
      code: expect.stringMatching(/TIMED_OUT|CONNECTION/),
    });
    server.resume();
    await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) > 0);
    expect(await on.driver.listGroups()).toEqual([]);
  });

  test.each(['up', 'down'] as const)('B11: a network that swallows what goes %s', async (direction) => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    // Half of this lease of 600 ms is how long a silent connection is trusted.
    await using on = await driverOn(url, { lockTtlMs: 600, timeoutMs: 20_000 });
    const before = proxy.attempts;
    proxy.stall(direction);
    const call = on.driver.acquire(wanting(lock, 'c.1'));
    // It tries another connection long before the call's own bound.
    await proxy.attempted(before + 1);
    proxy.resume();
    expect((await call).status).toBe('granted');
  });

  test('nobody listens: CONNECTION, with the address and without the credentials', async () => {
    const port = await freePort();
    const url = `redis://user:s3cr3t@127.0.0.1:${port}`;
    const error: unknown = await driverOn(url, { timeoutMs: 2_000 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    expect(told(error)).not.toContain('s3cr3t');
  });

  test('a server that accepts and says nothing', async () => {
    await using server = await startRedis();
    server.pause();
    await expect(driverOn(server.url, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining('within 100 ms'),
    });
  });

  test('wrong credentials: nothing tells them', async () => {
    await using server = await startRedis({ args: ['--requirepass', 'right-one'] });
    const url = server.url.replace('//', '//:wr0ng-one@');
    const error: unknown = await driverOn(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CONNECTION', message: expect.stringContaining('WRONGPASS') });
    expect(told(error)).not.toContain('wr0ng-one');
    await using on = await driverOn(server.url.replace('//', '//:right-one@'));
    expect(await on.driver.listGroups()).toEqual([]);
  });

  test('what is under way when it is closed rejects, and its sockets are gone', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const on = await driverOn(`redis://127.0.0.1:${proxy.port}`);
    await on.driver.listen(new Set(['g']));
    expect(proxy.open).toBe(2);
    proxy.stall('down');
    const call = on.driver.listGroups();
    await on.driver.close();
    await expect(call).rejects.toMatchObject({ code: 'NOT_STARTED' });
    await expect(on.driver.listen(new Set())).rejects.toMatchObject({ code: 'NOT_STARTED' });
    proxy.resume();
    await proxy.closed();
    expect(proxy.attempts).toBe(2);
  });
});

describe('a server that is not fit', () => {
  test('a replica is refused, with its reason', async () => {
    await using server = await startRedis();
    await using replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(server.port)] });
    await expect(driverOn(replica.url)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining('is a replica'),
    });
  });

  test('a master that becomes a replica: calls wait for the next', async () => {
    await using server = await startRedis();
    await using next = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`);
    const fence = await take(on.driver, lock, 'c.1');
    const control = new Redis(server.url);
    await control.replicaof('127.0.0.1', next.port);
    control.disconnect();
    proxy.retarget(next.port);
    expect(await take(on.driver, lockNamed('other'), 'c.2')).toBeGreaterThan(fence);
  });

  test.each([
    ['redis_version:6.0.16', 'NOT_IMPLEMENTED', 'Redis 6.0.16; this driver needs 6.2'],
    ['redis_version:7.0.15\r\nloading:1', 'CONNECTION', 'still loading'],
  ])('one that says %j', async (info, code, message) => {
    // No server of that age or size is at hand: this one says nothing but who it is.
    const server = createServer((socket) => {
      socket.on('data', () => socket.write(`$${info.length}\r\n${info}\r\n`));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(driverOn(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a user without rights gets the server’s reason', async () => {
    await using server = await startRedis();
    const control = new Redis(server.url);
    await control.call(
      'ACL',
      'SETUSER',
      'low',
      'on',
      '>pw',
      '~*',
      '&*',
      '+@all',
      '-eval',
      '-evalsha',
      '-info',
    );
    control.disconnect();
    await using on = await driverOn(server.url.replace('//', '//low:pw@'));
    await expect(on.driver.listGroups()).rejects.toMatchObject({
      code: 'BACKEND',
      message: expect.stringContaining('NOPERM'),
    });
  });

  test('a key of another type is an error that names the operation', async () => {
    await using server = await startRedis();
    const control = new Redis(server.url);
    await control.set('_tooz_groups', 'text');
    control.disconnect();
    await using on = await driverOn(server.url);
    await expect(on.driver.listGroups()).rejects.toMatchObject({
      code: 'BACKEND',
      message: expect.stringMatching(/^listGroups: .*WRONGTYPE/),
    });
  });
});

test('a unix socket', async () => {
  await using server = await startRedis({ args: ['--unixsocket', 'redis.sock'] });
  await using on = await driverOn(`redis://${server.folder}/redis.sock?db=3`);
  await take(on.driver, lock, 'c.1');
  const control = new Redis(server.url, { db: 3 });
  expect(await control.exists('_tooz_lk_lock')).toBe(1);
  control.disconnect();
});

test('a driver says what it is', () => {
  const driver = createRedisDriver();
  expect(driver.schemes).toEqual(['redis', 'rediss']);
  expect(driver.characteristics.has('LINEARIZABLE')).toBe(false);
  expect(() => driver.check?.(new URL('redis://h?db=x'))).toThrow(/db=x/);
});

/** All that an error tells a log, down its chain of causes. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${told(error.cause)}`;
}
