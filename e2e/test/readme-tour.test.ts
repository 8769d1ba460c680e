import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BUILT, buildIfStale } from '../src/built.js';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { itemsOf, runJob } from '../src/job.js';
import { reportLine } from '../src/report-line.js';
import { isOpen, leavesNothingBehind, tempFolder } from '../src/resources.js';

leavesNothingBehind();
beforeAll(buildIfStale, 240_000);

const IDS = Array.from({ length: 100 }, (_, id) => String(id));
const FULL = '[true, {"node01":100,"node02":100,"node03":100}]\n';
const EMPTY = '[true, {"node01":0,"node02":0,"node03":0}]\n';

interface Tour {
  readonly rate: number;
  readonly extensions: 'on' | 'off';
  readonly lostReply: number;
  /** Items at work at once (default: the program's own, 16). */
  readonly concurrency?: number;
}

/** The built programs, as an operator starts them: nothing but their defaults, the fault rate from the environment. */
async function tour({ rate, extensions, lostReply, concurrency }: Tour): Promise<void> {
  const folder = tempFolder();
  const cluster = await ClusterProcess.start({
    program: BUILT.clusterSim,
    dataDir: join(folder, 'cluster'),
    extensions,
    randomBehavior: rate,
    faults: { lostReply },
  });
  const place = { program: BUILT.jobCli, cluster, journal: join(folder, 'journal.db') };
  const lanes = concurrency === undefined ? [] : ['--concurrency', String(concurrency)];
  const begun = performance.now();
  const created = await runJob(place, 'create', '--json', ...lanes);
  expect(created, created.stderr).toMatchObject({ code: 0 });
  expect([...itemsOf(created).keys()].toSorted()).toEqual(IDS.toSorted());
  expect(created.lines.at(-1)).toMatchObject({ type: 'summary', counts: { committed: 100 } });
  expect(await runJob(place, 'stats')).toMatchObject({ code: 0, stdout: FULL });
  const deleted = await runJob(place, 'delete', '--json', ...lanes);
  expect(deleted, deleted.stderr).toMatchObject({ code: 0 });
  expect(deleted.lines.at(-1)).toMatchObject({ type: 'summary', counts: { committed: 100 } });
  expect(await runJob(place, 'stats')).toMatchObject({ code: 0, stdout: EMPTY });
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  await cluster.setFaults({});
  expect(await new NodeWatch(cluster).contradictions(IDS)).toEqual([]);
  reportLine(
    `tour: fault rate ${rate}, lost replies ${lostReply}, extensions ${extensions}: 100 + 100 in ${seconds} s`,
  );
  expect(await cluster.stop()).toMatchObject({ code: 0, signal: null });
  expect(await isOpen(Number(new URL(cluster.url).port))).toBe(false);
}

test.each<Omit<Tour, 'extensions'>>([
  { rate: 0.2, lostReply: 0 },
  { rate: 0.5, lostReply: 0.1 },
  // Here nearly all time is waiting between attempts, and the bench shows it for the default; more lanes wait together.
  { rate: 0.8, lostReply: 0.1, concurrency: 64 },
])('100 of 100 created and deleted, with and without extensions: %j', async (o) => {
  await Promise.all([tour({ ...o, extensions: 'off' }), tour({ ...o, extensions: 'on' })]);
});

test('the built cluster shows where everything is and what to try next, and SIGTERM ends it', async () => {
  const dataDir = join(tempFolder(), 'cluster');
  const cluster = await ClusterProcess.start({
    program: BUILT.clusterSim,
    dataDir,
    extensions: 'on',
    randomBehavior: 0.2,
  });
  const { code, signal, stdout, stderr } = await cluster.stop();
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  for (const text of [
    'node01',
    'node02',
    'node03',
    `${cluster.url}/docs`,
    'fault rate',
    'Try next',
    'pnpm job create',
  ])
    expect(stdout).toContain(text);
  expect(await isOpen(Number(new URL(cluster.url).port))).toBe(false);
});

test('the built command line tells what it can do and how it ends', async () => {
  const place = {
    program: BUILT.jobCli,
    cluster: { nodesFlag: 'node01=http://127.0.0.1:9/v1' },
    journal: 'none.db',
  };
  const { code, stdout } = await runJob(place, '--help');
  expect(code).toBe(0);
  for (const text of ['create', 'delete-one', 'recover', 'Exit codes']) expect(stdout).toContain(text);
});
