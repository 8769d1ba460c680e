import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import type { WorkerConfig } from '../src/worker/protocol.js';
import { WorkerGone, WorkerProcess } from '../src/worker/worker-process.js';

leavesNothingBehind();

async function setStage(): Promise<{ readonly cluster: ClusterProcess; readonly config: WorkerConfig }> {
  const folder = tempFolder();
  const faults = { errorBefore: 0.2, lostReply: 0.1 };
  const cluster = await ClusterProcess.start({ dataDir: join(folder, 'cluster'), extensions: 'off', faults });
  const config = { nodes: cluster.nodes, journal: join(folder, 'journal.db'), maxServerLagMs: 500 };
  return { cluster, config: { ...config, deadlineMs: 60_000, retry: { capMs: 200 } } };
}

test('one key in two processes at once is one saga and one outcome (S9, scenario 22)', async () => {
  const { cluster, config } = await setStage();
  const workers = await Promise.all([WorkerProcess.start(config), WorkerProcess.start(config)]);
  const ids = Array.from({ length: 20 }, (_, id) => `i${id}`);
  const [one, other] = await Promise.all(
    workers.map((worker) =>
      Promise.all(ids.map((id) => worker.call('create', id, { idempotencyKey: `create ${id}` }))),
    ),
  );
  expect(one?.map(({ outcome }) => outcome)).toEqual(
    ids.map(() => expect.objectContaining({ status: 'committed' })),
  );
  expect(other?.map(({ outcome }) => outcome?.status)).toEqual(one?.map(({ outcome }) => outcome?.status));
  expect(other?.map(({ outcome }) => outcome?.sagaId)).toEqual(one?.map(({ outcome }) => outcome?.sagaId));
  await Promise.all(workers.map((worker) => worker.close()));
  await cluster.setFaults({});
  const watch = new NodeWatch(cluster);
  expect(await watch.contradictions(ids)).toEqual([]);
  expect(ids.filter((id) => watch.version(id) === null)).toEqual([]);
});

test('after kill -9 the key leads to the same saga, and its outcome stays (S9, scenario 22)', async () => {
  const { cluster, config } = await setStage();
  const trigger = { event: 'attempt', where: { verb: 'POST' }, nth: 1, signal: 'SIGKILL' } as const;
  const owner = await WorkerProcess.start({ ...config, trigger });
  await expect(owner.call('create', 'a', { idempotencyKey: 'k' })).rejects.toThrow(WorkerGone);

  const second = await WorkerProcess.start(config);
  const [left] = await second.call('sagas');
  expect(left).toMatchObject({ key: 'a', idempotencyKey: 'k', ownerAlive: false });
  const joined = await second.call('create', 'a', { idempotencyKey: 'k' });
  expect(joined).toMatchObject({ outcome: { status: 'committed', sagaId: left?.id } });
  await second.close();

  const third = await WorkerProcess.start(config);
  const again = await third.call('create', 'a', { idempotencyKey: 'k' });
  expect(again.outcome).toMatchObject({ status: 'committed', sagaId: left?.id });
  const errors = [
    await third.call('create', 'b', { idempotencyKey: 'k' }),
    await third.call('create', 'a', { idempotencyKey: 'k', onDeadline: 'forward' }),
    await third.call('delete', 'a', { idempotencyKey: 'k' }),
  ].map(({ error }) => error);
  expect(errors).toEqual(errors.map(() => 'IDEMPOTENCY_MISMATCH'));
  const plain = await third.call('create', 'a');
  expect(plain.outcome).toMatchObject({ status: 'rejected', reason: 'exists' });
  await third.close();
  await cluster.setFaults({});
  const watch = new NodeWatch(cluster);
  expect(await watch.contradictions(['a', 'b'])).toEqual([]);
  expect([...watch.ids()]).toEqual(['a']);
});
