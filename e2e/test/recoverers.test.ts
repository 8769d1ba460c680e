import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import { chooseSeed } from '../src/seeded-random.js';
import type { Trigger, WorkerConfig } from '../src/worker/protocol.js';
import { WorkerGone, WorkerProcess } from '../src/worker/worker-process.js';

leavesNothingBehind();

/** Late writes come after 100 ms at most, well within Q; settling costs no more than this. */
const Q_MS = 800;
const FAULTS = { errorBefore: 0.3, lostReply: 0.1, late: { rate: 0.05, minMs: 10, maxMs: 100 } };
const IDS = Array.from({ length: 50 }, (_, id) => `r${id}`);
/** Ids that a stranger holds on node 02: creates of them have to be undone, also across a crash. */
const FOREIGN = IDS.slice(0, 10);
const FOREIGN_TOKEN = 12_345.5;
/** Attempts of all sagas together after which the owner dies: most of them are planned, and few have ended. */
const DIES_AFTER = 90;

/** A cluster and a journal on which a process died by kill -9 in the middle of creating `IDS`. */
async function deadOwner(extensions: 'on' | 'off') {
  const folder = tempFolder();
  const seed = chooseSeed();
  reportLine(`recoverers: extensions ${extensions}, seed ${seed} (HOLDFAST_E2E_SEED)`);
  const cluster = await ClusterProcess.start({ dataDir: join(folder, 'cluster'), extensions, seed });
  for (const groupId of FOREIGN) {
    const headers = { timestamp: String(FOREIGN_TOKEN) };
    const body = JSON.stringify({ groupId });
    expect(await cluster.send('POST', '/group', { node: 'node02', headers, body })).toMatchObject({
      status: 201,
    });
  }
  await cluster.setFaults(FAULTS);
  const config: WorkerConfig = {
    nodes: cluster.nodes,
    journal: join(folder, 'journal.db'),
    maxServerLagMs: Q_MS,
    deadlineMs: 60_000,
    retry: { capMs: 200, undoCapMs: 200 },
  };
  const trigger: Trigger = { event: 'attempt', nth: DIES_AFTER, signal: 'SIGKILL' };
  const owner = await WorkerProcess.start({ ...config, trigger });
  const calls = await Promise.allSettled(IDS.map((id) => owner.call('create', id)));
  expect((await owner.app.ended).signal).toBe('SIGKILL');
  const acknowledged = IDS.filter((_, at) => {
    const call = calls[at];
    return call?.status === 'fulfilled' && call.value.outcome?.status === 'committed';
  });
  return { cluster, config, acknowledged };
}

/** Strangers' records as they were, everything else on all nodes or on none, nothing acknowledged lost. */
async function judge(cluster: ClusterProcess, acknowledged: readonly string[]): Promise<void> {
  await cluster.setFaults({});
  const watch = new NodeWatch(cluster);
  expect(await watch.contradictions(IDS)).toEqual([]);
  for (const id of FOREIGN)
    expect(watch.holding(id)).toEqual({ node01: null, node02: FOREIGN_TOKEN, node03: null });
  expect(watch.divergent().toSorted()).toEqual(FOREIGN.toSorted());
  expect(acknowledged.filter((id) => watch.version(id) === null)).toEqual([]);
}

const sagasOf = (worker: WorkerProcess): unknown[] =>
  worker.events.filter(({ event }) => event === 'adopt').map(({ sagaId }) => sagaId);

describe.each(['on', 'off'] as const)('sagas of a dead owner, extensions %s', (extensions) => {
  test('two recoverers at once: each saga is adopted once (scenario 21)', async () => {
    const { cluster, config, acknowledged } = await deadOwner(extensions);
    const both = await Promise.all([WorkerProcess.start(config), WorkerProcess.start(config)]);
    const left = (await both[0].call('sagas')).map(({ id }) => id);
    expect(left.length).toBeGreaterThan(FOREIGN.length);
    const reports = await Promise.all(both.map((worker) => worker.call('recover', true)));
    expect(both.flatMap(sagasOf).toSorted()).toEqual(left.toSorted());
    expect(reports.reduce((sum, report) => sum + report.adopted, 0)).toBe(left.length);
    expect(await both[0].call('sagas')).toEqual([]);
    await judge(cluster, acknowledged);
    reportLine(
      `recoverers: ${left.length} sagas, adopted ${reports.map(({ adopted }) => adopted).join(' + ')}`,
    );
    await Promise.all(both.map((worker) => worker.close()));
  });

  test('a recoverer that dies while it adopts leaves the rest to the next (scenarios 9, 21)', async () => {
    const { cluster, config, acknowledged } = await deadOwner(extensions);
    const trigger: Trigger = { event: 'adopt', nth: 7, signal: 'SIGKILL' };
    const first = await WorkerProcess.start({ ...config, trigger });
    await expect(first.call('recover', true)).rejects.toThrow(WorkerGone);
    const during: Trigger = { event: 'attempt', nth: 8, signal: 'SIGKILL' };
    const second = await WorkerProcess.start({ ...config, trigger: during });
    await expect(second.call('recover', true)).rejects.toThrow(WorkerGone);
    const third = await WorkerProcess.start(config);
    const left = await third.call('sagas');
    const report = await third.call('recover', true);
    expect(report).toMatchObject({
      adopted: left.length,
      ended: left.length,
      parked: [],
      waiting: [],
      held: 0,
    });
    expect(await third.call('sagas')).toEqual([]);
    await judge(cluster, acknowledged);
    await third.close();
  });
});
