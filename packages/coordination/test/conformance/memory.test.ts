import { afterAll, describe, it } from 'vitest';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { conformance } from '../../src/testing/index.js';
import { reportLine } from './report-line.js';

conformance(
  { describe, it, afterAll },
  {
    name: 'memory',
    driver: memoryDriver,
    builtIn: true,
    report: reportLine,
    open: async () => ({ url: 'memory:', close: async () => {} }),
  },
);
