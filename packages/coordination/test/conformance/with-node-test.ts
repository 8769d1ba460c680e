import { after, describe, it } from 'node:test';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { conformance } from '../../src/testing/index.js';

/** A program, run by a test: the suite under another runner, and with a driver that is given and not found. */
conformance(
  { describe, it, afterAll: after },
  { name: 'memory', driver: memoryDriver, open: async () => ({ url: 'memory:', close: async () => {} }) },
);
