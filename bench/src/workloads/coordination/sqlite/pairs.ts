import type { BenchContext } from '../../../harness/context.js';
import { bar, type Measurement } from '../../../harness/results.js';
import { runRounds } from '../../../harness/rounds.js';
import { versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import type { PairsSize } from '../locks/pairs.js';
import type { PairsReport } from '../locks/protocol.js';
import type { Part } from '../part.js';
import { SQLITE_CONTENDERS, type SqliteWorker } from './protocol.js';

const LEAST_PER_SECOND = 5_000;
const NODE = 'node';

const pairsPerSecond = ({ elapsedMs, pairs }: PairsReport): number => (pairs / elapsedMs) * 1000;

/** Acquire and release in one process on one file. */
export async function benchSqlitePairs(
  context: BenchContext,
  worker: Worker<SqliteWorker>,
  size: PairsSize,
): Promise<Part> {
  const { rounds, signal, say } = context;
  const { callers, slices, pairsPerSlice } = size;
  const run = () => worker.call('pairs', { contenders: SQLITE_CONTENDERS, ...size });
  await run();
  say(`coordination: ${rounds} rounds of acquire and release on sqlite, ${callers} callers`);
  const { valid } = await runRounds({ contenders: [NODE], rounds, signal }, run);
  const line: Measurement = versus({
    id: `coordination.sqlite.pairs-${callers}`,
    what: `sqlite: acquire + release, 1 process, ${callers} callers: holdfast`,
    unit: 'pairs/s',
    rounds: valid.map((round) => round[NODE] ?? {}),
    of: 'holdfast',
    to: 'floor',
    toWhat: 'two statements of better-sqlite3',
    figure: pairsPerSecond,
  });
  return {
    measurements: [{ ...line, bar: bar('atLeast', LEAST_PER_SECOND, 'value', line.value) }],
    notes: [
      `sqlite, ${callers} callers: ${valid.length} rounds of ${slices} slices of ${callers * pairsPerSlice} pairs per contender, in turn`,
    ],
  };
}
