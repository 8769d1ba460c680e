import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisStore } from '../../src/stores/redis/index.js';
import { testStores } from './conformance.js';
import { startRedis } from './support/redis-server.js';

/** A busy machine is not what these ask about. */
const PATIENT = { timeoutMs: 10_000 };

testStores('in Redis', async () => {
  const server = await startRedis();
  return {
    provider: () => redisStore(server.url, PATIENT),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

testStores('in Redis by ioredis 5', async () => {
  const server = await startRedis();
  return {
    provider: () => redisStore((options) => new Redis5({ port: server.port, ...options }), PATIENT),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

testStores("in Redis by a caller's client", async () => {
  const server = await startRedis('--requirepass', 'secret');
  const client = new Redis({ port: server.port, password: 'secret', keyPrefix: 'mine:', lazyConnect: true });
  return {
    provider: () => redisStore(client, { ...PATIENT, prefix: 'theirs:' }),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
});
