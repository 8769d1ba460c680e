import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { missingPaths, pathTable } from './report/path-table.js';
import { figures, runRange } from './report/range.js';
import { replayCommand } from './report/replay.js';
import { runSeed } from './run-seed.js';
import { Trace } from './world/trace.js';

const SEEDS = 3_000;

describe('the simulation', () => {
  it(`S1–S9, L1–L3: holds in ${SEEDS} seeded worlds and takes every path of the protocol`, async () => {
    const result = await runRange(1, SEEDS, Math.min(4, availableParallelism()));
    process.stdout.write(`${pathTable(result.coverage)}\n${figures(result)}\n`);
    const broken = result.broken.flatMap(({ seed, violations }) =>
      violations.slice(0, 2).map(({ invariant, text }) => `${invariant}: ${text} (${replayCommand(seed)})`),
    );
    expect(broken).toEqual([]);
    expect(missingPaths(result.coverage, result.seeds)).toEqual([]);
  });

  it('replays a seed bit for bit', async () => {
    for (const seed of [7, 77, 777]) {
      const traces = [new Trace('hash'), new Trace('hash')];
      for (const trace of traces) await runSeed(seed, trace);
      expect(traces[0]?.digest).toBe(traces[1]?.digest);
      expect(traces[0]?.digest).not.toBe(new Trace('hash').digest);
    }
  });
});
