import { afterAll, describe, it } from 'vitest';
import { redisDriver } from '../../src/drivers/redis/index.js';
import { conformance } from '../../src/testing/index.js';
import { freePort, startRedis } from '../support/redis-server.js';
import { elsewhere } from './elsewhere.js';
import { reportLine } from './report-line.js';

conformance(
  { describe, it, afterAll },
  {
    name: 'redis',
    driver: redisDriver,
    builtIn: true,
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
