import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { makeScratch } from '../src/harness/scratch.js';
import { fallbackGenerator } from '../src/load/generators.js';
import { startBare } from '../src/servers/bare.js';

describe('the load generator for machines without wrk', () => {
  it('loads a server for the time that it is given and counts its replies', async () => {
    const parent = await mkdtemp(`${tmpdir()}/bench-load-`);
    try {
      const { signal } = new AbortController();
      await using scratch = await makeScratch(parent);
      await using bare = await startBare({ scratch, signal });
      const order = { url: bare.url, connections: 2, durationMs: 100, prefix: 'x', signal };
      const report = await fallbackGenerator.run(order);
      expect(report.requests).toBeGreaterThan(0);
      expect(report).toMatchObject({ errorStatus: 0, broken: 0 });
      expect(report.p99Us).toBeGreaterThanOrEqual(report.p50Us);
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});
