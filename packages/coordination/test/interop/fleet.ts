import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Coordinator, type CoordinatorOptions, getCoordinator } from '../../src/index.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { PythonPeer, type PythonPeerOptions } from './python-peer.js';

/** A Redis for the tests of this file; all that they have started is ended after them. */
export function useRedis(): () => RedisServer {
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await PythonPeer.endIdle();
    await redis?.stop();
  });
  return () => {
    if (!redis) throw new Error('Redis is there from beforeAll to afterAll');
    return redis;
  };
}

let fleets = 0;

export interface FleetOptions {
  /** Lease of members and locks in both languages, s. Default 30: nothing ends by itself. */
  readonly leaseSeconds?: number;
  readonly namespace?: string;
}

/** Node and Python on one Redis, in a namespace of their own, by one URL. Gone when the test is finished. */
export class Fleet {
  readonly namespace: string;
  readonly url: string;

  constructor(redis: RedisServer, { leaseSeconds = 30, namespace = `fleet${++fleets}` }: FleetOptions = {}) {
    this.namespace = namespace;
    this.url = `${redis.url}?timeout=${leaseSeconds}&namespace=${encodeURIComponent(namespace)}`;
  }

  /** A coordinator of this process; by default it excludes the Python that is installed. */
  async node(memberId: string | Uint8Array, options: CoordinatorOptions = {}): Promise<Coordinator> {
    const coordinator = getCoordinator(this.url, memberId, {
      lockKeyFormat: 'tooz8-bytes',
      pollMs: 50,
      ...options,
    });
    await coordinator.start();
    onTestFinished(async () => {
      if (coordinator.isStarted) await coordinator.stop();
    });
    return coordinator;
  }

  async python(
    memberId: string | Uint8Array,
    options: Omit<PythonPeerOptions, 'url' | 'memberId'> = {},
  ): Promise<PythonPeer> {
    const peer = PythonPeer.spawn();
    onTestFinished(() => peer.release());
    await peer.start({ url: this.url, memberId, ...options });
    return peer;
  }
}
