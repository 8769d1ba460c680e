import { runSeed, type SeedResult } from '../run-seed.js';
import type { Batch } from './range.js';

process.on('message', (batch: Batch) => {
  void run(batch).then((results) => process.send?.(results));
});

async function run({ from, to }: Batch): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  for (let seed = from; seed <= to; seed++) results.push(await runSeed(seed));
  return results;
}
