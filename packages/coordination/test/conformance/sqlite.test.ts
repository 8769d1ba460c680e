import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { sqliteDriver } from '../../src/drivers/sqlite/index.js';
import { conformance } from '../../src/testing/index.js';
import { elsewhere } from './elsewhere.js';
import { reportLine } from './report-line.js';

conformance(
  { describe, it, afterAll },
  {
    name: 'sqlite',
    driver: sqliteDriver,
    builtIn: true,
    report: reportLine,
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
      return {
        url: `sqlite:${join(folder, 'coordination.db')}`,
        unreachableUrl: `sqlite:${folder}`,
        elsewhere,
        close: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
);
