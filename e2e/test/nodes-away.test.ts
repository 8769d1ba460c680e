import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch, readStats } from '../src/divergence.js';
import { endOf, itemsOf, runJob, startJob } from '../src/job.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';

leavesNothingBehind();

const IDS = Array.from({ length: 40 }, (_, id) => `n${id}`);
const ALL = ['--ids', IDS.join(',')];

/** Each node has a port of its own here, so that one can refuse connections while the others serve. */
describe.each(['off', 'on'] as const)('one node alone, extensions %s', (extensions) => {
  test('is away during creates and comes back, then comes back with an empty disk (scenario 36)', async () => {
    const folder = tempFolder();
    const cluster = await ClusterProcess.start({
      dataDir: join(folder, 'cluster'),
      extensions,
      faults: { errorBefore: 0.2 },
      nodePorts: true,
    });
    const place = { cluster, journal: join(folder, 'journal.db'), maxServerLagMs: 500 };

    const job = startJob(place, ['create', ...ALL, '--concurrency', '8', '--json', '--verbose']);
    expect(await job.says(({ stdout }) => stdout.includes('"type":"item"'))).toBe(true);
    await cluster.actOnNode('node02', 'stop');
    expect(await job.says(({ stderr }) => / node02 \w+, attempt \d+: no answer, not_sent/.test(stderr))).toBe(
      true,
    );
    await cluster.actOnNode('node02', 'start');
    const created = await endOf(job);
    expect(created, created.stderr).toMatchObject({ code: 0 });
    expect([...itemsOf(created).values()].map(({ status }) => status)).toEqual(IDS.map(() => 'committed'));
    const watch = new NodeWatch(cluster);
    await cluster.setFaults({});
    expect(await watch.contradictions(IDS)).toEqual([]);
    expect(watch.divergent()).toEqual([]);
    const versions = IDS.map((id) => watch.version(id));

    await cluster.setFaults({ errorBefore: 0.2 });
    await cluster.actOnNode('node02', 'stop');
    await cluster.actOnNode('node02', 'wipe');
    await cluster.actOnNode('node02', 'start');
    expect(await readStats(cluster)).toEqual([false, { node01: 40, node02: 0, node03: 40 }]);
    const verified = await runJob(place, 'verify', '--json');
    expect(verified.code).toBe(1);
    const differences = verified.lines.filter(({ type }) => type === 'difference');
    expect(differences.map(({ node, kind }) => `${node} ${kind}`)).toEqual(IDS.map(() => 'node02 missing'));
    const repaired = await runJob(place, 'repair', '--json');
    expect(repaired, repaired.stderr).toMatchObject({ code: 0 });
    expect(await runJob(place, 'verify', '--json')).toMatchObject({ code: 0 });
    await cluster.setFaults({});
    const after = new NodeWatch(cluster);
    expect(await after.contradictions(IDS)).toEqual([]);
    expect(IDS.map((id) => after.version(id))).toEqual(versions);
  });
});

test('the whole cluster is killed in the middle and started again on its files', async () => {
  const folder = tempFolder();
  const dataDir = join(folder, 'cluster');
  const first = await ClusterProcess.start({ dataDir, extensions: 'off', faults: { errorBefore: 0.3 } });
  const place = { cluster: first, journal: join(folder, 'journal.db'), maxServerLagMs: 500 };
  const job = startJob(place, ['create', ...ALL, '--json', '--verbose']);
  expect(await job.says(({ stdout }) => stdout.includes('"type":"item"'))).toBe(true);
  await first.app.end('SIGKILL');
  expect(await job.says(({ stderr }) => stderr.includes('no answer, not_sent'))).toBe(true);
  const port = Number(new URL(first.url).port);
  const second = await ClusterProcess.start({ dataDir, extensions: 'off', port });
  const created = await endOf(job);
  expect(created, created.stderr).toMatchObject({ code: 0 });
  expect(await readStats(second)).toEqual([true, { node01: 40, node02: 40, node03: 40 }]);
  expect(await runJob(place, 'verify', '--json')).toMatchObject({ code: 0 });
});
