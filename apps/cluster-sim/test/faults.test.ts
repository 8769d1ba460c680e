import { describe, expect, test } from 'vitest';
import type { ClusterSim, FaultPlan, FaultRates } from '../src/index.js';
import { expectLost, messageOf, TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';
import { eventually } from './support/eventually.js';
import { ManualClock } from './support/manual-clock.js';

const SPREAD = { rate: 1, minMs: 100, maxMs: 200 };
const OWN_ERRORS = ['InternalServerError due to Random Behavior', 'Timeout due to Random Behavior'];

interface Bench {
  readonly cluster: ClusterSim;
  readonly client: TestClient;
  readonly clock: ManualClock;
}

async function start(faults: FaultPlan, seed = 'seed'): Promise<Bench> {
  const clock = new ManualClock();
  const cluster = await startCluster({ clock, faults, seed });
  return { cluster, clock, client: new TestClient(cluster.url) };
}

/** Ends the waits and lets the writes they held be committed. */
async function arrive({ cluster, clock }: Bench, entries: number): Promise<void> {
  await eventually(() => expect(clock.pending).not.toHaveLength(0));
  clock.fire();
  await eventually(() => expect(cluster.log()).toHaveLength(entries));
}

async function exists({ cluster, client }: Bench, id: string): Promise<boolean> {
  cluster.setFaults({});
  return (await client.get(id)).status === 200;
}

test('errorBefore: 500 or 408 in the words of the origin, and nothing is done', async () => {
  const bench = await start({ errorBefore: 1 });
  const seen = new Set<string>();
  for (let id = 0; id < 40; id += 1) {
    const answer = await bench.client.create(String(id));
    const message = messageOf(answer);
    expect(message).toBe(answer.status === 500 ? OWN_ERRORS[0] : OWN_ERRORS[1]);
    seen.add(message);
  }
  expect([...seen].sort()).toEqual([...OWN_ERRORS].sort());
  expect(bench.cluster.log()).toEqual([]);
  expect(await exists(bench, '0')).toBe(false);
});

test('the die is thrown before anything is checked, and only on /group', async () => {
  const { client } = await start({ errorBefore: 1 });
  const answer = await client.send('POST', '/group', { timestamp: 'x', body: 'y' });
  expect([408, 500]).toContain(answer.status);
  expect([408, 500]).toContain((await client.send('GET', '/v1/group/5')).status);
  for (const path of ['/ping', '/stats', '/groups?node=node01', '/healthz', '/metrics']) {
    expect((await client.send('GET', path)).status).toBe(200);
  }
});

test('errorBefore strikes at its rate', async () => {
  const { client } = await start({ errorBefore: 0.2 });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => client.get('5')));
  const struck = answers.filter(({ status }) => status !== 404).length;
  // Five standard deviations around 200; the seed makes it the same each time.
  expect(struck).toBeGreaterThan(136);
  expect(struck).toBeLessThan(264);
});

test('one seed throws the same dice again, another does not', async () => {
  const run = async (seed: string): Promise<string> => {
    const { client } = await start({ errorBefore: 0.5 }, seed);
    const statuses: number[] = [];
    for (let id = 0; id < 64; id += 1) statuses.push((await client.get('5')).status);
    return statuses.join(' ');
  };
  const first = await run('a');
  expect(await run('a')).toBe(first);
  expect(await run('b')).not.toBe(first);
});

test('errorAfter: the work is done, the answer is an own error', async () => {
  const bench = await start({ errorAfter: 1 });
  expect(OWN_ERRORS).toContain(messageOf(await bench.client.create('5')));
  expect(OWN_ERRORS).toContain(messageOf(await bench.client.get('5')));
  expect(bench.cluster.log()).toMatchObject([
    { applied: 'created', status: 201, fault: 'errorAfter', late: false },
  ]);
  expect(await exists(bench, '5')).toBe(true);
});

test('lostReply: the work is done, the connection is reset', async () => {
  const bench = await start({ lostReply: 1 });
  await expectLost(bench.client.create('5', { timestamp: 1.5 }));
  await expectLost(bench.client.get('5'));
  expect(bench.cluster.log()).toMatchObject([
    {
      seq: 1,
      node: 'node01',
      verb: 'POST',
      groupId: '5',
      timestamp: 1.5,
      applied: 'created',
      fault: 'lostReply',
    },
  ]);
  expect(await exists(bench, '5')).toBe(true);
});

test('delay: work and answer wait within the bounds', async () => {
  const bench = await start({ delay: SPREAD });
  const answer = bench.client.create('5');
  await eventually(() => expect(bench.clock.pending).toHaveLength(1));
  const [delayMs = 0] = bench.clock.pending;
  expect(delayMs).toBeGreaterThanOrEqual(SPREAD.minMs);
  expect(delayMs).toBeLessThanOrEqual(SPREAD.maxMs);
  expect(bench.cluster.log()).toEqual([]);
  bench.clock.fire();
  expect((await answer).status).toBe(201);
  expect(bench.cluster.log()).toMatchObject([{ applied: 'created', fault: 'delay', late: false }]);
});

test('a delayed request is carried out although its client has given up', async () => {
  const bench = await start({ delay: SPREAD });
  const given = new AbortController();
  const answer = bench.client.create('5', { signal: given.signal });
  await eventually(() => expect(bench.clock.pending).toHaveLength(1));
  given.abort();
  await expect(answer).rejects.toThrow();
  // The connection's end has been delivered before these round trips through the same event loop.
  for (let round = 0; round < 3; round += 1) await bench.client.send('GET', '/ping');
  await arrive(bench, 1);
  expect(bench.cluster.log()).toMatchObject([{ applied: 'created', late: true }]);
});

test('hang: no answer and no work, until the client gives up', async () => {
  const bench = await start({ hang: 1 });
  const given = new AbortController();
  const { signal } = given;
  const outcomes = Promise.allSettled([
    bench.client.create('5', { signal }),
    bench.client.get('5', { signal }),
  ]);
  await eventually(async () => {
    const { text } = await bench.client.send('GET', '/metrics');
    expect(text).toContain('cluster_requests_total{node="node01",verb="POST",status="none"} 1');
    expect(text).toContain('cluster_requests_total{node="node01",verb="GET",status="none"} 1');
  });
  given.abort();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(bench.cluster.log()).toEqual([]);
  expect(await exists(bench, '5')).toBe(false);
});

describe('late', () => {
  test('the connection is reset at once, the write comes after', async () => {
    const bench = await start({ late: SPREAD });
    await expectLost(bench.client.create('5'));
    expect(bench.cluster.log()).toEqual([]);
    await arrive(bench, 1);
    expect(bench.cluster.log()).toMatchObject([{ applied: 'created', fault: 'late', late: true }]);
    expect(await exists(bench, '5')).toBe(true);
  });

  test('or the client is left waiting until the write has come', async () => {
    const bench = await start({ late: { ...SPREAD, reset: false } });
    const lost = expectLost(bench.client.create('5'));
    await arrive(bench, 1);
    await lost;
    expect(await exists(bench, '5')).toBe(true);
  });

  test('a write that comes to a node which is down by then is lost', async () => {
    const bench = await start({ late: SPREAD });
    await expectLost(bench.client.create('5'));
    await bench.cluster.stopNode('node01');
    bench.clock.fire();
    await bench.cluster.startNode('node01');
    expect(await exists(bench, '5')).toBe(false);
    expect(bench.cluster.log()).toEqual([]);
  });

  test('it meets the fence that has been raised meanwhile', async () => {
    const bench = await start({ verbs: { POST: { late: SPREAD } } });
    await expectLost(bench.client.create('5', { headers: { 'holdfast-fence': 's:1' } }));
    await bench.client.delete('5', { headers: { 'holdfast-fence': 's:2' } });
    await arrive(bench, 2);
    expect(bench.cluster.log()[1]).toMatchObject({ applied: 'none', status: 412, fence: 's:1', late: true });
  });
});

test('errorThenWrite: the own error comes first, the write after it', async () => {
  const bench = await start({ errorThenWrite: SPREAD });
  expect(OWN_ERRORS).toContain(messageOf(await bench.client.create('5')));
  expect(bench.cluster.log()).toEqual([]);
  await arrive(bench, 1);
  expect(bench.cluster.log()).toMatchObject([{ applied: 'created', fault: 'errorThenWrite', late: true }]);
});

test('repeatDelete: the DELETE is answered as usual and applied once more', async () => {
  const bench = await start({ repeatDelete: SPREAD });
  await bench.client.create('5');
  expect((await bench.client.delete('5')).status).toBe(200);
  expect((await bench.client.create('5')).status).toBe(201);
  await arrive(bench, 4);
  expect(bench.cluster.log().at(-1)).toMatchObject({
    verb: 'DELETE',
    applied: 'deleted',
    fault: 'repeatDelete',
    late: true,
  });
  expect(await exists(bench, '5')).toBe(false);
});

test('a request that is refused for its form meets no fault behind the die', async () => {
  const { client } = await start({ lostReply: 1 });
  expect((await client.send('POST', '/group', { node: 'x', body: '{}' })).status).toBe(406);
  expect((await client.send('GET', '/group/5')).status).toBe(406);
});

describe('down', () => {
  test('a node that is down resets every request, the others go on', async () => {
    const { cluster, client } = await start({ nodes: { node02: { down: true } } });
    for (const path of ['/group/5', '/ping', '/stats', '/groups']) {
      await expectLost(client.send('GET', path, { node: 'node02' }));
    }
    expect((await client.create('5', { node: 'node01' })).status).toBe(201);
    expect((await client.send('GET', '/stats')).status).toBe(200);
    cluster.setFaults({});
    expect((await client.create('5', { node: 'node02' })).status).toBe(201);
  });

  test('going down resets the requests that wait', async () => {
    const { cluster, client } = await start({ nodes: { node02: { hang: 1 } } });
    const lost = expectLost(client.get('5', { node: 'node02' }));
    await eventually(async () => {
      expect((await client.send('GET', '/metrics')).text).toContain('fault="hang"} 1');
    });
    cluster.setFaults({ nodes: { node02: { down: true } } });
    await lost;
  });
});

test('wipe: the node comes back with an empty disk, tombstones and fences included', async () => {
  const { cluster, client } = await start({});
  const fence = (value: number): { headers: Record<string, string> } => ({
    headers: { 'holdfast-fence': `s:${value}` },
  });
  for (const node of ['node01', 'node02']) {
    await client.create('5', { node, timestamp: 1.5, ...fence(7) });
    await client.delete('6', { node, timestamp: 1.5 });
  }
  await cluster.wipeNode('node02');
  expect((await client.get('5', { node: 'node02' })).status).toBe(404);
  expect((await client.create('6', { node: 'node02', timestamp: 1.5, ...fence(1) })).status).toBe(201);
  expect((await client.get('5', { node: 'node01' })).status).toBe(200);
  expect((await client.create('6', { node: 'node01', timestamp: 1.5 })).status).toBe(410);
});

test('exceptions: a setting of the verb of a node wins, then of the node, of the verb, of the cluster', async () => {
  const none: FaultRates = { errorAfter: 0 };
  const { client } = await start({
    errorAfter: 1,
    verbs: { GET: none },
    nodes: {
      node02: none,
      node03: { verbs: { POST: none, GET: { errorAfter: 1 } } },
    },
  });
  const struck = async (node: string): Promise<boolean[]> => {
    const answers = [
      await client.create('5', { node }),
      await client.get('5', { node }),
      await client.delete('5', { node }),
    ];
    return answers.map(({ status }) => status === 500 || status === 408);
  };
  expect(await struck('node01')).toEqual([true, false, true]);
  expect(await struck('node02')).toEqual([false, false, false]);
  expect(await struck('node03')).toEqual([false, true, true]);
});

test('closing ends hanging requests and drops late writes', async () => {
  const bench = await start({ verbs: { GET: { hang: 1 }, POST: { late: SPREAD } } });
  await expectLost(bench.client.create('5'));
  const lost = expectLost(bench.client.get('5'));
  await eventually(async () => {
    expect((await bench.client.send('GET', '/metrics')).text).toContain('fault="hang"} 1');
  });
  await bench.cluster.close();
  await lost;
  expect(bench.clock.pending).toEqual([]);
  expect(bench.cluster.log()).toEqual([]);
});
