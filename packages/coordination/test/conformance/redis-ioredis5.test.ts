import { Redis } from 'ioredis5';
import { afterAll, describe, it } from 'vitest';
import { createRedisDriver } from '../../src/drivers/redis/index.js';
import { conformance } from '../../src/testing/index.js';
import { freePort, startRedis } from '../support/redis-server.js';
import { elsewhere } from './elsewhere.js';
import { reportLine } from './report-line.js';

conformance(
  { describe, it, afterAll },
  {
    name: 'redis with ioredis 5',
    driver: createRedisDriver({ createClient: (options) => new Redis(options) }),
    report: reportLine,
    open: async () => {
      const server = await startRedis();
      return {
        url: server.url,
        unreachableUrl: `redis://127.0.0.1:${await freePort()}`,
        elsewhere,
        close: () => server.stop(),
      };
    },
  },
);
