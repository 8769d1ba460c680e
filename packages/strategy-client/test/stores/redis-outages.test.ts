import { Redis } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RedisStoreOptions, redisStore } from '../../src/stores/redis/index.js';
import type { StoredStrategy, StrategyStore } from '../../src/stores/strategy-store.js';
import { LoggedContext } from './support/context.js';
import { freePort, type RedisServer, startRedis } from './support/redis-server.js';
import { startTcpProxy } from './support/tcp-proxy.js';
import { Told, until, untilVersion } from './support/told.js';

const KEY = { target: 'engine.example:443', cluster: 'one' };
const IN_REDIS = 'holdfast:strategy:engine.example:443|one';
const BLUE: StoredStrategy = { strategy: 'blue', lastCheckTime: 1 };
const GREEN: StoredStrategy = { strategy: 'green', lastCheckTime: 2 };
const AWAY = 'Redis is away; routing targets are kept in this process until it is back';
const BACK = 'Redis is back; routing targets are shared again';

async function server(...args: string[]): Promise<RedisServer> {
  const started = await startRedis(...args);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

/** A store with connections of its own, and its log; patient, since a busy machine is no outage. */
function open(
  url: string,
  options: RedisStoreOptions = { timeoutMs: 10_000 },
): { store: StrategyStore; context: LoggedContext } {
  const context = new LoggedContext();
  const store = redisStore(url, options)(KEY, context);
  onTestFinished(() => store[Symbol.asyncDispose]());
  return { store, context };
}

function admin(url: string): Redis {
  const client = new Redis(url);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

async function write(store: StrategyStore, state: StoredStrategy): Promise<string> {
  const version = await store.compareAndSet((await store.read()).version, state);
  if (version === null) throw new Error('somebody else wrote');
  return version;
}

describe('Redis killed', () => {
  test('and started with its data: what was found meanwhile is offered', async () => {
    const redis = await server();
    const { store, context } = open(redis.url);
    const first = await write(store, BLUE);
    const told = new Told(store);
    await redis.kill();
    await context.logged('warn');
    expect(await store.read()).toEqual({ version: first, state: BLUE });
    expect(await store.compareAndSet('', GREEN)).toBeNull();
    const hint = told.next();
    const alone = await write(store, GREEN);
    await hint;
    expect(await store.read()).toEqual({ version: alone, state: GREEN });
    const back = told.next();
    await redis.restart();
    await context.logged('info');
    // Nothing has changed for this process; others may have waited for the medium.
    await back;
    const other = open(redis.url);
    await untilVersion(other.store, alone);
    expect(await store.read()).toEqual({ version: alone, state: GREEN });
    expect(context.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', AWAY],
      ['info', BACK],
    ]);
  });

  test('and started without data: what was known is offered, and no old version holds', async () => {
    const redis = await server();
    const { store, context } = open(redis.url);
    const first = await write(store, BLUE);
    await redis.kill();
    await context.logged('warn');
    await redis.restart({ empty: true });
    await context.logged('info');
    const found = await store.read();
    expect(found.state).toEqual(BLUE);
    expect(found.version).not.toBe(first);
    expect(await store.compareAndSet(first, GREEN)).toBeNull();
    expect(await store.compareAndSet('', GREEN)).toBeNull();
    expect(await store.compareAndSet(found.version, GREEN)).not.toBeNull();
    expect(context.of('warn')).toEqual([AWAY]);
  });

  test('twice: two outages so close are one warning', async () => {
    const redis = await server();
    const { store, context } = open(redis.url);
    await write(store, GREEN);
    for (const state of [BLUE, GREEN]) {
      await redis.kill();
      await context.logged('warn');
      await write(store, state);
      await redis.restart();
      const other = open(redis.url);
      await until(other.store, (found) => found.state.strategy === state.strategy);
    }
    expect(context.of('warn')).toEqual([AWAY]);
  });
});

test('Redis emptied under a standing connection: no old version holds', async () => {
  const redis = await server();
  const { store } = open(redis.url);
  const first = await write(store, BLUE);
  await admin(redis.url).flushall();
  expect(await store.compareAndSet(first, GREEN)).toBeNull();
  expect(await store.read()).toEqual({ version: '', state: { strategy: null, lastCheckTime: 0 } });
});

test('what somebody else wrote meanwhile counts, and is heard of on return', async () => {
  const redis = await server();
  await using proxy = await startTcpProxy(redis.port);
  const { store, context } = open(`redis://127.0.0.1:${proxy.port}`);
  const first = await write(store, BLUE);
  proxy.refuse(true);
  await context.logged('warn');
  const alone = await store.compareAndSet(first, { strategy: 'blue', lastCheckTime: 5 });
  expect(alone).not.toBeNull();
  const other = open(redis.url);
  const theirs = await other.store.compareAndSet(first, GREEN);
  expect(theirs).not.toBeNull();
  proxy.refuse(false);
  await untilVersion(store, theirs);
  expect(await store.compareAndSet(alone ?? '', BLUE)).toBeNull();
  expect(await store.read()).toEqual({ version: theirs, state: GREEN });
});

test('Redis hung: operations end in time; a write that it carries out later is not lost', async () => {
  const redis = await server();
  const { store, context } = open(redis.url, { timeoutMs: 200 });
  const first = await write(store, BLUE);
  redis.pause();
  // Sent, and in the end carried out: nobody knows that here.
  const doubtful = await store.compareAndSet(first, GREEN);
  expect(doubtful).not.toBeNull();
  const last = await store.compareAndSet(doubtful ?? '', BLUE);
  expect(await store.read()).toEqual({ version: last, state: BLUE });
  redis.resume();
  await context.logged('info');
  const other = open(redis.url);
  await untilVersion(other.store, last);
  expect(await store.read()).toEqual({ version: last, state: BLUE });
  expect(context.of('warn')).toEqual([AWAY]);
});

test.each(['normal', 'pubsub'])('CLIENT KILL TYPE %s: others are heard of again', async (type) => {
  const redis = await server();
  const { store, context } = open(redis.url);
  const other = open(redis.url);
  await untilVersion(store, await write(other.store, BLUE));
  const control = admin(redis.url);
  // While nobody listens: the subscription that comes after has to look for itself.
  const hint = new Told(store).next();
  await control.call('CLIENT', 'KILL', 'TYPE', type);
  await write(other.store, GREEN);
  await hint;
  await until(store, (found) => found.state.strategy === 'green');
  if (type === 'normal') await context.logged('info');
  expect(context.of('warn')).toEqual(type === 'normal' ? [AWAY] : []);
});

test.each([
  ['a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ['a server whose memory is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
  ['a user without rights', ['ACL', 'SETUSER', 'app', '-evalsha'], ['ACL', 'SETUSER', 'app', '+evalsha']],
])('%s is as good as none until it takes writes', async (_what, [ill = '', ...is], [well = '', ...again]) => {
  const redis = await server();
  const control = admin(redis.url);
  await control.call('ACL', 'SETUSER', 'app', 'on', '>hush', '~*', '&*', '+@all');
  const { store, context } = open(redis.url.replace('//', '//app:hush@'));
  const first = await write(store, BLUE);
  await control.call(ill, ...is);
  const alone = await store.compareAndSet(first, GREEN);
  expect(alone).not.toBeNull();
  expect(context.of('warn')).toEqual([AWAY]);
  await control.call(well, ...again);
  await context.logged('info');
  expect(await store.read()).toEqual({ version: alone, state: GREEN });
  expect(await control.get(IN_REDIS)).toBe(alone);
  expect(context.of('warn')).toEqual([AWAY]);
});

test('a user who may not subscribe is warned of, and everything else works', async () => {
  const redis = await server();
  await admin(redis.url).call('ACL', 'SETUSER', 'app', 'on', 'nopass', '~*', 'resetchannels', '+@all');
  const { store, context } = open(redis.url.replace('//', '//app:x@'));
  new Told(store);
  const version = await write(store, BLUE);
  await context.logged('warn');
  expect(await open(redis.url).store.read()).toEqual({ version, state: BLUE });
  expect(context.of('warn')).toEqual([
    'Redis takes no subscription; changes by other processes are heard of late',
  ]);
});

test('a wrong password is warned of once and repeated nowhere', async () => {
  const redis = await server('--requirepass', 'right');
  const secret = 'hush-hush';
  await using proxy = await startTcpProxy(redis.port);
  const { store, context } = open(`redis://default:${secret}@127.0.0.1:${proxy.port}`);
  const version = await write(store, BLUE);
  expect(await store.read()).toEqual({ version, state: BLUE });
  expect(context.of('warn')).toEqual([AWAY]);
  const [line] = context.lines;
  expect(everything(line)).toMatch(/WRONGPASS/);
  expect(everything(line)).not.toContain(secret);
  await admin(redis.url.replace('//', '//:right@')).config('SET', 'requirepass', secret);
  await context.logged('info');
  expect(await store.read()).toEqual({ version: expect.any(String), state: BLUE });
});

test('no Redis from the beginning: the process goes on by itself, and shares its finding when there is one', async () => {
  const port = await freePort();
  const { store, context } = open(`redis://127.0.0.1:${port}`);
  expect(await store.read()).toEqual({ version: '', state: { strategy: null, lastCheckTime: 0 } });
  await write(store, BLUE);
  await write(store, GREEN);
  expect(context.of('warn')).toEqual([AWAY]);
  const redis = await server('--port', String(port));
  await context.logged('info');
  const other = open(redis.url.replace(/\d+$/, String(port)));
  await until(other.store, (found) => found.state.strategy === 'green');
});

describe("somebody else's value", () => {
  test.each([
    ['text', (client: Redis) => client.set(IN_REDIS, 'green')],
    ['nothing', (client: Redis) => client.set(IN_REDIS, '')],
    ['a strategy that is none', (client: Redis) => client.set(IN_REDIS, '1:x:red:5')],
    ['bytes that are no text', (client: Redis) => client.set(IN_REDIS, Buffer.from([0xff, 0, 0xfe]))],
    ['a megabyte', (client: Redis) => client.set(IN_REDIS, 'x'.repeat(2 ** 20))],
    ['a hash', (client: Redis) => client.hset(IN_REDIS, 'strategy', 'green')],
  ])('(%s) counts as unknown, is warned of once, and written over by the rule', async (_what, put) => {
    const redis = await shared();
    const control = admin(redis.url);
    await control.del(IN_REDIS);
    await put(control);
    const { store, context } = open(redis.url);
    const { version, state } = await store.read();
    expect(state).toEqual({ strategy: null, lastCheckTime: 0 });
    expect(version.length).toBeLessThan(100);
    await store.read();
    expect(await store.compareAndSet('1:never:blue:0', BLUE)).toBeNull();
    const next = await store.compareAndSet(version, GREEN);
    expect(await store.read()).toEqual({ version: next, state: GREEN });
    expect(context.of('warn')).toEqual([expect.stringContaining('holds no routing target')]);
  });

  let one: Promise<RedisServer> | undefined;
  const shared = (): Promise<RedisServer> => {
    one ??= startRedis();
    return one;
  };
  afterAll(async () => (await one)?.[Symbol.asyncDispose]());
});

/** All that a line says, with what hangs on its errors. */
function everything(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.getOwnPropertyNames(value);
  return names.map((name) => `${name}=${everything(Reflect.get(value, name))}`).join(';');
}
