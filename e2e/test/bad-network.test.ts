import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { FaultProxy } from '../src/fault-proxy.js';
import { isSerialisable, type Operation } from '../src/register-history.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import { chooseSeed, seededRandom } from '../src/seeded-random.js';
import { WorkerProcess } from '../src/worker/worker-process.js';

leavesNothingBehind();

const RATES = [0, 0.2, 0.5, 0.8];
const IDS_PER_RATE = 12;
/** A stalled request arrives after this long at most; an attempt is given up earlier, so that some arrive late. */
const MAX_STALL_MS = 250;
const ATTEMPT_TIMEOUT_MS = 150;
/** Covers every stall, with room for a busy machine. */
const Q_MS = 900;

/**
 * Every node stands behind a proxy that loses replies, resets, half-closes, stalls and delays. The connector cannot tell
 * any of it from the node's death, so all of it counts as silence, and nothing here is ever the node's own error.
 */
describe.each(['off', 'on'] as const)('a bad network, extensions %s (scenarios 29, 35)', (extensions) => {
  test('0 divergent at every fault rate, and every outcome is honest', async () => {
    const seed = chooseSeed();
    reportLine(`bad network: extensions ${extensions}, seed ${seed} (HOLDFAST_E2E_SEED)`);
    const folder = tempFolder();
    const cluster = await ClusterProcess.start({ dataDir: join(folder, 'cluster'), extensions });
    const names = Object.keys(cluster.nodes);
    const target = Number(new URL(cluster.url).port);
    const proxies = await Promise.all(
      names.map((_, at) =>
        FaultProxy.start({ target, random: seededRandom(seed + at), maxStallMs: MAX_STALL_MS }),
      ),
    );
    const urls = proxies.map(({ port }, at) => [names[at], `http://127.0.0.1:${port}/v1`]);
    const worker = await WorkerProcess.start({
      nodes: Object.fromEntries(urls),
      journal: join(folder, 'journal.db'),
      maxServerLagMs: Q_MS,
      deadlineMs: 4_000,
      retry: { attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, capMs: 100, undoCapMs: 200 },
    });
    const watch = new NodeWatch(cluster);
    for (const rate of RATES) {
      for (const proxy of proxies) proxy.rate = rate;
      const ids = Array.from({ length: IDS_PER_RATE }, (_, id) => `${rate}-${id}`);
      const histories = await Promise.all(ids.map((id) => createAndDelete(worker, id)));
      // What is in doubt is ended under the same faults; the last reading then finds a quiet cluster.
      expect(await worker.call('recover', true)).toMatchObject({ parked: [] });
      await untilQuiet(worker);
      expect(await watch.contradictions(ids)).toEqual([]);
      const divergent = watch.divergent();
      const committed = histories.flat().filter(({ end }) => end.outcome?.status === 'committed').length;
      reportLine(
        `bad network: extensions ${extensions}, rate ${rate}: ${committed} of ${histories.flat().length} committed, ${divergent.length} divergent`,
      );
      expect(divergent).toEqual([]);
      const dishonest = histories.filter(
        (history, at) => !isSerialisable(history, false, watch.version(ids[at] ?? '') !== null),
      );
      expect(dishonest).toEqual([]);
      if (rate === 0) expect(committed).toBe(histories.flat().length);
    }
    await worker.close();
    const struck = proxies.map((proxy) => proxy.struck);
    for (const proxy of struck) expect(Object.values(proxy)).not.toContain(0);
  });
});

/** Creates, deletes and, for every other id, creates again, with what was answered. */
async function createAndDelete(worker: WorkerProcess, groupId: string): Promise<Operation[]> {
  const history: Operation[] = [];
  const ops =
    Number(groupId.at(-1)) % 2 === 0
      ? (['create', 'delete', 'create'] as const)
      : (['create', 'delete'] as const);
  for (const op of ops) history.push({ op, groupId, end: await worker.call(op, groupId) });
  return history;
}

/** Recovers until no saga is open any more: those of this worker itself go on by themselves. */
async function untilQuiet(worker: WorkerProcess): Promise<void> {
  while ((await worker.call('sagas')).length > 0) await worker.call('recover', true);
}
