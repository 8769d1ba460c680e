import { stat } from 'node:fs/promises';
import { openConnector, type ReliableConnector } from '@holdfast/reliable-connector';
import { nowMs, pause } from '../../harness/clock.js';
import { serveWorker } from '../../harness/worker-host.js';
import { StubNodes } from './stub-nodes.js';
import type { MemoryPoint, MemorySetup, MemoryWorker } from './worker-protocol.js';

const MIB = 2 ** 20;
/** How often ended sagas are pruned, in ms. */
const PRUNE_EVERY_MS = 100;
const NODES = Object.fromEntries(
  ['node01', 'node02', 'node03'].map((name) => [name, `http://${name}.invalid`]),
);

let setup: MemorySetup | null = null;
let connector: ReliableConnector | null = null;
let sagas = 0;
let failed = 0;
let ids = 0;

async function open(given: MemorySetup): Promise<void> {
  const { journal, retentionMs } = given;
  setup = given;
  connector = await openConnector({
    nodes: NODES,
    journal,
    retentionMs,
    idempotencyRetentionMs: retentionMs,
    recoverEveryMs: PRUNE_EVERY_MS,
    transport: new StubNodes(),
  });
}

async function advance(count: number): Promise<MemoryPoint> {
  if (setup === null || connector === null) throw new Error('open() comes first');
  const { callers, retentionMs, journal } = setup;
  const startedAt = nowMs();
  const target = sagas + count;
  const working = connector;
  async function caller(): Promise<void> {
    while (sagas < target) {
      ids += 1;
      sagas += 2;
      const id = `m${ids}`;
      const created = await working.createGroup(id);
      const deleted = await working.deleteGroup(id);
      failed += Number(created.status !== 'committed') + Number(deleted.status !== 'committed');
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (nowMs() - startedAt) / 1000;
  // What was ended last may be pruned now; twice, since a round of pruning may have been at work.
  await pause(retentionMs + 2 * PRUNE_EVERY_MS);
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const fileMiB = ((await size(journal)) + (await size(`${journal}-wal`))) / MIB;
  return { sagas, failed, seconds, heapMiB: heapUsed / MIB, rssMiB: rss / MIB, fileMiB };
}

async function size(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

serveWorker<MemoryWorker>({
  open,
  advance,
  async close() {
    await connector?.close({ graceMs: 1_000 });
    connector = null;
  },
});
