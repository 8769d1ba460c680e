import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { inParallel } from '../src/in-parallel.js';
import { isSerialisable, type Operation } from '../src/register-history.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import { chooseSeed, seededRandom, shuffled } from '../src/seeded-random.js';
import { WorkerProcess } from '../src/worker/worker-process.js';

leavesNothingBehind();

const IDS = 150;
const ROUNDS = ['create', 'delete', 'create', 'delete'] as const;
const PROCESSES = ROUNDS.length;
/** Operations that each process has under way at once. */
const LANES = 16;
/** As in the runs with kill -9: late writes come after 150 ms at most, well within Q. */
const Q_MS = 800;
const FAULTS = { errorBefore: 0.2, lostReply: 0.05, late: { rate: 0.02, minMs: 10, maxMs: 150 } };

test('create and delete of the same ids from 4 processes on one journal (S6, scenario 18)', async () => {
  const seed = chooseSeed();
  reportLine(`racing: seed ${seed} (HOLDFAST_E2E_SEED)`);
  const random = seededRandom(seed);
  const folder = tempFolder();
  const dataDir = join(folder, 'cluster');
  const cluster = await ClusterProcess.start({ dataDir, extensions: 'off', faults: FAULTS, seed });
  const config = {
    nodes: cluster.nodes,
    journal: join(folder, 'journal.db'),
    maxServerLagMs: Q_MS,
    deadlineMs: 60_000,
    retry: { capMs: 500 },
  };
  const workers = await Promise.all(Array.from({ length: PROCESSES }, () => WorkerProcess.start(config)));
  const ids = Array.from({ length: IDS }, (_, id) => String(id));
  // Who does what is drawn for each id, and all come to an id at about the same time: that is the race.
  const plans = ids.map((groupId) => ({ groupId, ops: shuffled(ROUNDS, random) }));
  const ends = await Promise.all(
    workers.map((worker, at) =>
      inParallel(plans, LANES, async ({ groupId, ops }): Promise<Operation> => {
        const op = ops[at] ?? 'create';
        return { op, groupId, end: await worker.call(op, groupId) };
      }),
    ),
  );
  const [recoverer, ...others] = workers;
  await Promise.all(others.map((worker) => worker.close()));
  const report = await recoverer?.call('recover', true);
  expect(report).toMatchObject({ parked: [], held: 0 });
  expect(await recoverer?.call('sagas')).toEqual([]);
  await recoverer?.close();

  await cluster.setFaults({});
  const watch = new NodeWatch(cluster);
  expect(await watch.contradictions(ids)).toEqual([]);
  const divergent = watch.divergent();
  reportLine(`racing: ${PROCESSES} processes, ${divergent.length} of ${IDS} ids divergent`);
  expect(divergent).toEqual([]);

  const operations = ends.flat();
  const outcomes = new Map<string, number>();
  for (const { end } of operations) {
    const outcome = end.outcome?.reason ?? end.outcome?.status ?? end.error ?? '';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const counts = Array.from(outcomes, ([outcome, count]) => `${count} ${outcome}`);
  reportLine(`racing: ${operations.length} operations: ${counts.join(', ')}`);
  const inexplicable = ids.flatMap((groupId) => {
    const history = operations.filter((one) => one.groupId === groupId);
    const present = watch.version(groupId) !== null;
    return isSerialisable(history, false, present) ? [] : [{ groupId, present, history }];
  });
  expect(inexplicable).toEqual([]);
  expect(outcomes.get('committed')).toBeGreaterThan(IDS);
});
