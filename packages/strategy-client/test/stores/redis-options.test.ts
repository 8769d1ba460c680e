import { Cluster } from 'ioredis';
import { expect, test } from 'vitest';
import { redisStore } from '../../src/stores/redis/index.js';
import { Pacer } from '../../src/stores/redis/pacer.js';
import { parseRedisUrl } from '../../src/stores/redis/redis-url.js';

test.each([
  ['redis://host', 'host:6379', { host: 'host', port: 6379, db: 0 }],
  ['redis://host:1/2', 'host:1', { host: 'host', port: 1, db: 2 }],
  ['redis://host?db=3', 'host:6379', { host: 'host', port: 6379, db: 3 }],
  ['redis://[::1]:1', '[::1]:1', { host: '::1', port: 1, db: 0 }],
  [
    'redis://a%40b:p%3Aq@host:1',
    'host:1',
    { host: 'host', port: 1, db: 0, username: 'a@b', password: 'p:q' },
  ],
  ['redis:///run/redis.sock?db=1', '/run/redis.sock', { path: '/run/redis.sock', db: 1 }],
  ['rediss://host', 'host:6379', { host: 'host', port: 6379, db: 0, tls: { servername: 'host' } }],
  ['rediss://127.0.0.1', '127.0.0.1:6379', { host: '127.0.0.1', port: 6379, db: 0, tls: {} }],
])('%s is understood', (url, address, options) => {
  expect(parseRedisUrl(url)).toEqual({ address, options });
});

test.each([
  'hush',
  'http://hush@host',
  'redis://',
  'rediss:///run/redis.sock',
  'redis://:hush@host/main',
  'redis://:hush@host?sentinel=name',
  'redis://:hush%ff@host',
  'redis://:hush@host:70000',
])('%s is refused, and nothing of it repeated that could be a secret', (url) => {
  const refusal = expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: expect.not.stringContaining('hush'),
  });
  expect(() => redisStore(url)).toThrow(refusal);
});

test.each([
  [{ timeoutMs: 9 }, 'timeoutMs'],
  [{ timeoutMs: Number.NaN }, 'timeoutMs'],
  [{ timeoutMs: 60_001 }, 'timeoutMs'],
  [{ prefix: '' }, 'prefix'],
  [{ prefix: 'x'.repeat(257) }, 'prefix'],
])('the options %j are refused', (options, name) => {
  const refusal = expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(name),
  });
  expect(() => redisStore('redis://host', options)).toThrow(refusal);
});

test('a client of Redis Cluster is refused', () => {
  const cluster = new Cluster([], { lazyConnect: true });
  const refusal = expect.objectContaining({ message: expect.stringContaining('Redis Cluster') });
  expect(() => redisStore(cluster as never)).toThrow(refusal);
  cluster.disconnect();
});

test.each([
  ['are refused', 1],
  ['succeed and break at once', 0],
])('attempts that %s are at most two a second in the long run, and soon at first', (_what, failing) => {
  let now = 0;
  const pacer = new Pacer({ now: () => now, monotonic: () => now, schedule: () => () => {} }, () => 0);
  const at: number[] = [];
  for (let failures = failing; now < 600_000; failures += failing) {
    pacer.spend();
    at.push(now);
    now += pacer.delayMs(failures);
  }
  expect(at[1]).toBeLessThan(100);
  expect(at.length).toBeLessThan(1_200);
  expect(Math.max(...at.map((time, index) => (at[index + 1] ?? time) - time))).toBeLessThanOrEqual(2_000);
});
