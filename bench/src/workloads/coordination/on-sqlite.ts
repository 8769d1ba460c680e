import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '../../harness/worker.js';
import { benchElection, type ElectionSizes } from './election/hand-over.js';
import type { PairsSize } from './locks/pairs.js';
import type { CoordinationBench, Part } from './part.js';
import { benchCrowd, type CrowdSizes } from './sqlite/crowd.js';
import { benchSqlitePairs } from './sqlite/pairs.js';
import type { SqliteWorker } from './sqlite/protocol.js';

/** How much is done on SQLite. */
export interface SqliteSizes {
  readonly pairs: readonly PairsSize[];
  readonly crowd: CrowdSizes;
  readonly election: ElectionSizes;
}

const SCRIPT = fileURLToPath(new URL('./sqlite/worker.ts', import.meta.url));
const HAND_OVER = { mostP99Ms: 60, mostBeyondLeaseMs: 250 } as const;

/** All parts on one file of the scratch folder's disk. */
export async function benchOnSqlite(context: CoordinationBench, sizes: SqliteSizes): Promise<Part> {
  const folder = await context.scratch.folder('coordination');
  const url = `sqlite:${join(folder, 'coordination.db')}`;
  const parts = [
    ...(await benchLocks(context, sizes, { url, folder })),
    await benchElection(context, { name: 'sqlite', url, ...HAND_OVER }, sizes.election),
  ];
  return {
    measurements: parts.flatMap((part) => part.measurements),
    notes: parts.flatMap((part) => part.notes),
  };
}

async function benchLocks(
  context: CoordinationBench,
  { pairs, crowd }: SqliteSizes,
  setup: { readonly url: string; readonly folder: string },
): Promise<Part[]> {
  const workers: Worker<SqliteWorker>[] = [];
  const add = async (): Promise<Worker<SqliteWorker>> => {
    const worker = await Worker.start<SqliteWorker>({
      script: SCRIPT,
      from: context.from,
      signal: context.signal,
    });
    workers.push(worker);
    await worker.call('open', setup);
    return worker;
  };
  try {
    const first = await add();
    const parts: Part[] = [];
    // Alone: other coordinators on the file would look at it while it is measured.
    for (const size of pairs) parts.push(await benchSqlitePairs(context, first, size));
    await Promise.all(Array.from({ length: crowd.processes - 1 }, add));
    parts.push(await benchCrowd(context, workers, { ...crowd, folder: setup.folder }));
    await Promise.all(workers.map((worker) => worker.call('close', null)));
    return parts;
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  }
}
