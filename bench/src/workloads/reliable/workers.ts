import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../../harness/context.js';
import { onMember } from '../../harness/entries.js';
import { Worker } from '../../harness/worker.js';
import { startCluster } from '../../servers/cluster.js';
import type { ReliableWorker } from './worker-protocol.js';

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A fresh cluster, a fresh journal, and so many processes that work on them. */
export interface Crew extends AsyncDisposable {
  readonly workers: readonly Worker<ReliableWorker>[];
  readonly serverPid: number;
  /** Where the cluster's code came from. */
  readonly shown: string;
}

/** Starts cluster-sim without faults, extensions on, and `processes` workers on one durable journal. */
export async function startCrew({ scratch, signal }: BenchContext, processes: number): Promise<Crew> {
  const cluster = await startCluster({ scratch, extensions: 'on', faultRate: 0, signal });
  const { args: from } = await onMember('packages/reliable-connector');
  const workers: Worker<ReliableWorker>[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await cluster[Symbol.asyncDispose]();
  };
  try {
    const folder = await scratch.folder('journal');
    for (let n = 0; n < processes; n += 1) {
      const worker = await Worker.start<ReliableWorker>({ script: SCRIPT, from, signal });
      workers.push(worker);
      await worker.call('open', { nodes: cluster.nodes, journal: join(folder, 'journal.db'), folder });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    workers,
    serverPid: cluster.pid,
    shown: cluster.shown,
    async [Symbol.asyncDispose]() {
      // In good order where they still can; a worker that is gone has nothing to close.
      await Promise.allSettled(workers.map((worker) => worker.call('close', null)));
      await stop();
    },
  };
}
