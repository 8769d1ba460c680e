import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../src/index.js';
import { connect, eventually, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { held, plant, shareStage } from './support/stage.js';

const stage = shareStage();
const NAMES = ['node01', 'node02', 'node03'];

test('a committed create stands on all nodes under one token, which the catalog holds (S3)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  const outcome = await connector.createGroup('fine');
  const applied = { state: 'applied', status: 201, attempts: 2 };
  expect(outcome).toEqual({
    status: 'committed',
    sagaId: expect.any(Number),
    nodes: { node01: applied, node02: applied, node03: applied },
  });
  const { token } = (await connector.status(outcome.sagaId ?? 0)) ?? {};
  expect(await held(cluster, 'fine')).toEqual({ node01: token, node02: token, node03: token });
  expect(gate.calls().map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST', 'POST', 'POST']);
  expect(await connector.info()).toMatchObject({ catalog: 1, hot: 0, sagas: { applying: 0, ended: 1 } });
});

test.each(NAMES)(
  'a record of somebody else on %s alone: rejected(exists), it stays, nothing of ours remains (S4, scenario 2)',
  async (node) => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    const id = `foreign on ${node}`;
    await plant(cluster, node, id, 7.25);
    expect(await connector.createGroup(id)).toMatchObject({
      status: 'rejected',
      reason: 'exists',
      hint: expect.stringContaining('getGroup'),
      nodes: { [node]: { state: 'foreign' } },
    });
    expect(await held(cluster, id)).toEqual({ node01: null, node02: null, node03: null, [node]: 7.25 });
    expect(gate.calls('POST')).toEqual([]);
  },
);

test('a record of somebody else on all nodes: rejected(exists), nothing is written (S4, scenario 3)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  for (const node of NAMES) await plant(cluster, node, 'everywhere', 7.25);
  expect(await connector.createGroup('everywhere')).toMatchObject({ status: 'rejected', reason: 'exists' });
  expect(await held(cluster, 'everywhere')).toEqual({ node01: 7.25, node02: 7.25, node03: 7.25 });
  expect([...gate.calls('POST'), ...gate.calls('DELETE')]).toEqual([]);
});

test('a record that comes between the reading and the POST: the other nodes are undone (S3, S4, scenario 2)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = async ({ node, method }): Promise<Fate> => {
    if (node === 'node02' && method === 'POST') await plant(cluster, 'node02', 'raced', 7.25);
    return 'pass';
  };
  expect(await connector.createGroup('raced')).toMatchObject({
    status: 'rejected',
    reason: 'exists',
    nodes: { node02: { state: 'foreign' } },
  });
  expect(await held(cluster, 'raced')).toEqual({ node01: null, node02: 7.25, node03: null });
  expect(gate.calls('DELETE').some(({ node }) => node === 'node02')).toBe(false);
});

test.each(NAMES)('%s declines for good: rejected(refused), the others are undone (S3)', async (node) => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = (call) => (call.node === node && call.method === 'POST' ? 403 : 'pass');
  const id = `refused by ${node}`;
  expect(await connector.createGroup(id)).toMatchObject({
    status: 'rejected',
    reason: 'refused',
    nodes: { [node]: { state: 'refused', status: 403 } },
  });
  expect(await held(cluster, id)).toEqual({ node01: null, node02: null, node03: null });
  expect(await connector.info()).toMatchObject({ catalog: 0 });
});

test.each(NAMES)(
  'the reply of %s is lost: the 400 to the repetition is found to be our own (S3, S8, scenario 4)',
  async (node) => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    let lost = 0;
    gate.rule = (call) => (call.node === node && call.method === 'POST' && lost++ === 0 ? 'lose' : 'pass');
    const id = `lost by ${node}`;
    const outcome = await connector.createGroup(id);
    expect(outcome).toMatchObject({ status: 'committed' });
    const { token } = (await connector.status(outcome.sagaId ?? 0)) ?? {};
    expect(await held(cluster, id)).toEqual({ node01: token, node02: token, node03: token });
    expect(gate.calls('POST').filter((call) => call.node === node).length).toBeGreaterThan(1);
  },
);

test('own errors before and after the write on all nodes cost no atomicity (S3, scenario 1)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  const met = new Map<string, number>();
  gate.rule = ({ node, method }) => {
    const nth = (met.get(node + method) ?? 0) + 1;
    met.set(node + method, nth);
    return nth % 3 === 0 ? 'pass' : nth % 3 === 1 ? 500 : 408;
  };
  const outcome = await connector.createGroup('flaky');
  expect(outcome).toMatchObject({ status: 'committed', nodes: { node01: { attempts: 6 } } });
  expect(Object.values(await held(cluster, 'flaky'))).not.toContain(null);
});

test('a node that was silent for long: rejected(unavailable) before anything is written down or sent', async () => {
  const { direct, cluster } = stage();
  const connector = await connect(direct);
  await cluster.stopNode('node03');
  // Connections are refused until the breaker opens (4.8); nothing was ever sent there, so the undo is final at once.
  const first = await connector.createGroup('away', { deadlineMs: 400 });
  const end = first.settled ? await first.settled : first;
  expect(end).toMatchObject({ status: 'compensated', reason: 'deadline' });
  const begun = (await connector.info()).sagas;
  const outcome = await connector.createGroup('away again');
  await cluster.startNode('node03');
  expect(outcome).toEqual({
    status: 'rejected',
    sagaId: null,
    reason: 'unavailable',
    nodes: {},
    hint: expect.stringContaining('node03'),
  });
  expect((await connector.info()).sagas).toEqual(begun);
  expect(cluster.log().some(({ groupId }) => groupId === 'away again')).toBe(false);
  // A node that is back is noticed.
  await eventually(async () => {
    expect(await connector.createGroup('away again')).toMatchObject({ status: 'committed' });
  });
});

test('another process holds the id past the deadline: rejected(busy), and the id is free again afterwards (S6)', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  const [one, other] = [await connect(nodes, { journal }), await connect(nodes, { journal })];
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate.rule = async ({ method }): Promise<Fate> => {
    if (method === 'POST') await opened;
    return 'pass';
  };
  const posting = next(one, 'plan');
  const first = one.createGroup('held');
  await posting;
  expect(await other.createGroup('held', { deadlineMs: 40 })).toEqual({
    status: 'rejected',
    sagaId: null,
    reason: 'busy',
    nodes: {},
    hint: expect.stringContaining('repeat the call'),
  });
  expect(await one.createGroup('held', { deadlineMs: 40 })).toMatchObject({ reason: 'busy' });
  open();
  expect(await first).toMatchObject({ status: 'committed' });
  expect(await other.createGroup('held')).toMatchObject({ status: 'rejected', reason: 'exists' });
});

test('a cancel turns a create back: compensated(cancelled), undone on the nodes that had it (scenario 26)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  const controller = new AbortController();
  gate.rule = ({ node, method }) => (node === 'node03' && method === 'POST' ? 500 : 'pass');
  void next(
    connector,
    'attempt',
    ({ step, verb, attempt }) => step === 'node03' && verb === 'POST' && attempt > 3,
  ).then(() => controller.abort());
  const outcome = await connector.createGroup('cancelled', { signal: controller.signal });
  expect(outcome).toMatchObject({
    status: 'compensated',
    reason: 'cancelled',
    nodes: { node01: { state: 'undone' }, node02: { state: 'undone' }, node03: { state: 'undone' } },
  });
  expect(await held(cluster, 'cancelled')).toEqual({ node01: null, node02: null, node03: null });
});

test('a signal that was aborted before the call sends nothing; one after the end changes nothing (scenario 26)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  const aborted = await connector.createGroup('never', { signal: AbortSignal.abort() });
  expect(aborted).toMatchObject({ status: 'compensated', reason: 'cancelled' });
  expect(gate.calls('POST')).toEqual([]);
  const controller = new AbortController();
  const outcome = await connector.createGroup('done', { signal: controller.signal });
  controller.abort();
  expect(outcome).toMatchObject({ status: 'committed' });
  expect(Object.values(await held(cluster, 'done'))).not.toContain(null);
});

test('at the deadline: in_doubt(abort) at once, and settled tells that all was undone (L2, scenario 25)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 500 : 'pass');
  const outcome = await connector.createGroup('late', { deadlineMs: 120 });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'abort', settled: expect.any(Promise) });
  expect(await connector.sagas()).toMatchObject([
    { id: outcome.sagaId, phase: 'aborting', ownerAlive: true },
  ]);
  gate.pass();
  expect(await outcome.settled).toMatchObject({
    status: 'compensated',
    reason: 'deadline',
    sagaId: outcome.sagaId,
    nodes: { node01: { state: 'undone' }, node02: { state: 'undone' }, node03: { state: 'undone' } },
  });
  expect(await held(cluster, 'late')).toEqual({ node01: null, node02: null, node03: null });
});

test('at the deadline with onDeadline forward: in_doubt(forward), and settled tells that it was committed (L1)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const outcome = await connector.createGroup('patient', { deadlineMs: 120, onDeadline: 'forward' });
  expect(outcome).toMatchObject({
    status: 'in_doubt',
    direction: 'forward',
    nodes: { node02: { state: 'pending' } },
  });
  gate.pass();
  expect(await outcome.settled).toMatchObject({ status: 'committed', sagaId: outcome.sagaId });
  expect(Object.values(await held(cluster, 'patient'))).not.toContain(null);
});

test('an undo that waits for a hanging node survives the deadline and a cancel (L3, scenario 25)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes, { retry: { attemptTimeoutMs: 50 } });
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 'hang' : 'pass');
  const controller = new AbortController();
  const outcome = await connector.createGroup('hung', { deadlineMs: 150, signal: controller.signal });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'abort' });
  controller.abort();
  const settled = next(connector, 'settle');
  gate.pass();
  // The POST may still be alive there: the id stays locked until Q is over, then DELETE is repeated.
  expect(await settled).toMatchObject({ step: 'node02', key: 'hung' });
  expect(await outcome.settled).toMatchObject({ status: 'compensated', reason: 'deadline' });
  expect(await held(cluster, 'hung')).toEqual({ node01: null, node02: null, node03: null });
});
