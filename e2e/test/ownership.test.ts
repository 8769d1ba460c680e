import { join } from 'node:path';
import type { Extension } from '@holdfast/cluster-sim';
import { describe, expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import type { WorkerConfig } from '../src/worker/protocol.js';
import { WorkerProcess } from '../src/worker/worker-process.js';

leavesNothingBehind();

const IDS = Array.from({ length: 12 }, (_, id) => `s${id}`);
/** Sagas cannot end while this holds, so that whoever is stopped has something left to send. */
const NODE03_FAILS = { nodes: { node03: { verbs: { POST: { errorBefore: 1 } } } } };
/** Node 03 has failed in so many attempts when the owner stops: every saga has been planned, none has ended. */
const STOPS_AFTER = 30;

interface Stage {
  readonly cluster: ClusterProcess;
  readonly watch: NodeWatch;
  readonly config: WorkerConfig;
}

async function setStage(extensions: 'on' | readonly Extension[]): Promise<Stage> {
  const folder = tempFolder();
  const dataDir = join(folder, 'cluster');
  const cluster = await ClusterProcess.start({ dataDir, extensions, faults: NODE03_FAILS });
  const config = {
    nodes: cluster.nodes,
    journal: join(folder, 'journal.db'),
    deadlineMs: 60_000,
    retry: { capMs: 100 },
  };
  return { cluster, watch: new NodeWatch(cluster), config };
}

/** The leader of term 1, stopped by SIGSTOP in the middle of its creates, and what becomes of them. */
async function stoppedLeader({ config }: Stage) {
  const where = { step: 'node03', answer: 'unknown' };
  const trigger = { event: 'attempt', where, nth: STOPS_AFTER, signal: 'SIGSTOP' } as const;
  const leader = await WorkerProcess.start({ ...config, term: 1, trigger });
  const calls = Promise.all(IDS.map((id) => leader.call('create', id)));
  await leader.app.stopped();
  return { leader, calls };
}

describe('SIGSTOP of a leader, a higher term, SIGCONT (scenario 20)', () => {
  test('with fence its sagas are taken over, and nothing that it sends afterwards is accepted', async () => {
    const stage = await setStage('on');
    const { cluster, watch } = stage;
    const { leader, calls } = await stoppedLeader(stage);
    await cluster.setFaults({});
    const next = await WorkerProcess.start({ ...stage.config, term: 2 });
    const report = await next.call('recover', true);
    expect(report).toMatchObject({
      adopted: IDS.length,
      ended: IDS.length,
      held: 0,
      parked: [],
      waiting: [],
    });
    await watch.refresh();
    const versions = IDS.map((id) => watch.version(id));
    expect(versions).not.toContain(null);
    // What the old owner still means to create must stay deleted.
    const deleted = IDS.slice(0, 4);
    for (const id of deleted) {
      expect(await next.call('delete', id)).toMatchObject({ outcome: { status: 'committed' } });
    }
    const seen = (await cluster.log()).length;

    leader.app.signal('SIGCONT');
    const ends = await calls;
    expect(ends.map((end) => end.error ?? end.outcome?.status)).toEqual(IDS.map(() => 'DEPOSED'));
    const late = (await cluster.log()).slice(seen);
    expect(late.filter(({ applied, status }) => applied !== 'none' || status !== 412)).toEqual([]);
    expect(late.length).toBeGreaterThan(0);
    expect(await watch.contradictions(IDS)).toEqual([]);
    expect(IDS.filter((id) => watch.version(id) === null)).toEqual(deleted);
    expect(await next.call('sagas')).toEqual([]);
    reportLine(
      `SIGSTOP: ${IDS.length} sagas taken over, ${late.length} writes of the old owner refused, 0 divergent`,
    );
    await next.close();
  });

  test('without fence nobody takes them over while it is stopped, and it ends them itself', async () => {
    const stage = await setStage(['timestamp', 'tombstone', 'list']);
    const { cluster, watch } = stage;
    const { leader, calls } = await stoppedLeader(stage);
    await cluster.setFaults({});
    const next = await WorkerProcess.start({ ...stage.config, term: 2 });
    const seen = (await cluster.log()).length;
    expect(await next.call('recover', true)).toMatchObject({ adopted: 0, held: IDS.length });
    const sagas = await next.call('sagas');
    expect(sagas.map(({ key, ownerAlive, ownerPid }) => ({ key, ownerAlive, ownerPid }))).toEqual(
      expect.arrayContaining(IDS.map((key) => ({ key, ownerAlive: true, ownerPid: leader.app.pid }))),
    );
    expect((await cluster.log()).slice(seen)).toEqual([]);

    leader.app.signal('SIGCONT');
    expect((await calls).map((end) => end.outcome?.status)).toEqual(IDS.map(() => 'committed'));
    expect(await watch.contradictions(IDS)).toEqual([]);
    expect(watch.divergent()).toEqual([]);
    await Promise.all([leader.close(), next.close()]);
  });

  test('a stopped owner without leadership keeps its sagas as well', async () => {
    const stage = await setStage('on');
    const trigger = { event: 'plan', nth: 1, signal: 'SIGSTOP' } as const;
    const owner = await WorkerProcess.start({ ...stage.config, trigger });
    const call = owner.call('create', 'kept');
    await owner.app.stopped();
    await stage.cluster.setFaults({});
    const other = await WorkerProcess.start(stage.config);
    expect(await other.call('recover', true)).toMatchObject({ adopted: 0, held: 1 });
    // Its id stays locked: another caller waits for it and gives up.
    expect(await other.call('create', 'kept', { deadlineMs: 300 })).toMatchObject({
      outcome: { reason: 'busy' },
    });
    owner.app.signal('SIGCONT');
    expect(await call).toMatchObject({ outcome: { status: 'committed' } });
    expect(await stage.watch.contradictions(['kept'])).toEqual([]);
    await Promise.all([owner.close(), other.close()]);
  });
});
