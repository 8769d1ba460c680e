import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type SentinelCluster,
  startSentinel,
} from '../../../packages/coordination/test/support/redis-sentinel.js';
import {
  type RedisServer,
  type StartRedisOptions,
  startRedis,
} from '../../../packages/coordination/test/support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../../../packages/coordination/test/support/tcp-proxy.js';
import { notePid, tempFolder } from '../resources.js';

/** The backends that several processes share. */
export const BACKENDS = ['sqlite', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

/** The URL of an empty backend that goes away with the test. */
export async function backendUrl(backend: Backend): Promise<string> {
  if (backend === 'sqlite') return `sqlite:${join(tempFolder(), 'coordination.db')}`;
  return (await redisServer()).url;
}

/** A real redis-server that goes away with the test. */
export async function redisServer(options: StartRedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  notePid(server.pid);
  return server;
}

/** A TCP proxy in front of a loopback port that goes away with the test. */
export async function proxyTo(port: number): Promise<TcpProxy> {
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** A master, a replica and a sentinel that go away with the test. */
export async function sentinelCluster(): Promise<SentinelCluster> {
  const cluster = await startSentinel();
  onTestFinished(() => cluster.stop());
  for (const { pid } of [cluster.first, cluster.second]) notePid(pid);
  return cluster;
}

export type { TcpProxy };
