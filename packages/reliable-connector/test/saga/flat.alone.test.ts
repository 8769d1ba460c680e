import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { done, type SagaSpec } from '../../src/index.js';
import { eventually, hear } from '../connector/support/connect.js';
import { testFolder } from '../connector/support/stage.js';
import { openEngine } from './support/engine.js';

const SAGAS = 20_000;
const AT_ONCE = 500;
/** Far below what 10,000 sagas would hold if each left only a kilobyte. */
const GROWTH_BYTES = 8 * 2 ** 20;
/** What the write-ahead log holds before it is copied: 4,000 pages of 4 KiB. */
const LOG_BYTES = 4_000 * 4_096;

test('20,000 sagas leave nothing behind: no saga at work, no growing heap, no growing file', async () => {
  const spec: SagaSpec<number> = {
    name: 'many',
    steps: ['stock', 'payment'].map((name) => ({
      name,
      apply: async () => done(),
      undo: async () => done(),
    })),
  };
  const path = join(testFolder(), 'flat.db');
  const engine = await openEngine([spec], {
    journal: path,
    retentionMs: 0,
    idempotencyRetentionMs: 0,
    recoverEveryMs: 25,
  });
  const decisions = hear(engine, 'park');
  const size = (): number => statSync(path).size;
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const half = async (from: number): Promise<void> => {
    for (let at = from; at < from + SAGAS / 2; at += AT_ONCE) {
      const runs = Array.from({ length: AT_ONCE }, (_, nth) =>
        engine.run(spec, at + nth, { key: `k${at + nth}` }),
      );
      for (const outcome of await Promise.all(runs))
        if (outcome.status !== 'committed') throw new Error(outcome.status);
    }
    await eventually(async () => expect(await engine.sagas({ phases: ['ended'], limit: 1 })).toEqual([]));
  };
  await half(0);
  const [bytes, used] = [size(), heap()];
  await half(SAGAS / 2);
  expect(await engine.sagas()).toEqual([]);
  expect(decisions).toEqual([]);
  // The log is copied into the file at its own pace, so the halves differ by what one log holds.
  expect(size()).toBeLessThanOrEqual(bytes + LOG_BYTES);
  expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(2 * LOG_BYTES);
  expect(heap() - used).toBeLessThan(GROWTH_BYTES);
});
