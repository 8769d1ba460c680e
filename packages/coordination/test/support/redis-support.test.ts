import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startSentinel } from './redis-sentinel.js';
import { startRedis } from './redis-server.js';
import { startTcpProxy } from './tcp-proxy.js';

test('a server keeps its data across a restart unless told otherwise', async () => {
  await using server = await startRedis({ appendonly: true });
  const client = new Redis(server.url);
  client.on('error', () => {});
  await client.set('a', '1');
  await server.restart();
  expect(await client.get('a')).toBe('1');
  await server.restart({ empty: true });
  expect(await client.get('a')).toBeNull();
  client.disconnect();
});

test('a paused server answers after it was resumed', async () => {
  await using server = await startRedis();
  const client = new Redis(server.url);
  await client.set('a', '1');
  server.pause();
  const reply = client.get('a');
  server.resume();
  expect(await reply).toBe('1');
  client.disconnect();
});

test('the proxy swallows a reply after its request was carried out', async () => {
  await using server = await startRedis();
  await using proxy = await startTcpProxy(server.port);
  const client = new Redis({ port: proxy.port, retryStrategy: () => 1 });
  client.on('error', () => {});
  await client.ping();
  const swallowed = proxy.dropNextReply('counter');
  expect(await client.incr('counter')).toBe(2);
  expect((await swallowed).toString()).toBe(':1\r\n');
  expect(proxy.attempts).toBe(2);
  client.disconnect();
});

test('the proxy stalls, cuts and refuses', async () => {
  await using server = await startRedis();
  await using proxy = await startTcpProxy(server.port);
  const client = new Redis({ port: proxy.port, retryStrategy: () => 1 });
  client.on('error', () => {});
  await client.ping();
  for (const direction of ['up', 'down'] as const) {
    proxy.stall(direction);
    const reply = client.ping();
    proxy.resume();
    expect(await reply).toBe('PONG');
  }
  proxy.refuse(true);
  proxy.cut();
  await proxy.attempted(4);
  proxy.refuse(false);
  expect(await client.ping()).toBe('PONG');
  client.disconnect();
});

test('a sentinel moves the master when it dies', async () => {
  await using cluster = await startSentinel();
  expect(await cluster.failover()).toBe(cluster.second.port);
});
