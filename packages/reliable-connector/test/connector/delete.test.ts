import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../src/index.js';
import { connect, next } from './support/connect.js';
import { held, plant, setStage, shareStage, uproot } from './support/stage.js';

const stage = shareStage();
const NAMES = ['node01', 'node02', 'node03'];
const NOWHERE = { node01: null, node02: null, node03: null };

test('a committed delete names the version that the catalog holds, and forgets it (S3)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  const { sagaId } = await connector.createGroup('fine');
  const token = (await connector.status(sagaId ?? 0))?.token;
  const outcome = await connector.deleteGroup('fine');
  const applied = { state: 'applied', status: 200, attempts: 2 };
  expect(outcome).toEqual({
    status: 'committed',
    sagaId: expect.any(Number),
    nodes: { node01: applied, node02: applied, node03: applied },
  });
  expect(gate.calls('DELETE').map(({ timestamp }) => timestamp)).toEqual(Array(3).fill(String(token)));
  expect(await held(cluster, 'fine')).toEqual(NOWHERE);
  expect(await connector.info()).toMatchObject({ catalog: 0, hot: 0 });
});

test('an id that is nowhere: rejected(not_found), and no DELETE is sent', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  expect(await connector.deleteGroup('nowhere')).toMatchObject({ status: 'rejected', reason: 'not_found' });
  expect(gate.calls('DELETE')).toEqual([]);
});

test.each(NAMES)('a record that %s lacks is deleted from the other nodes (S3, scenario 14)', async (node) => {
  const { nodes, cluster } = stage();
  const connector = await connect(nodes);
  const id = `not on ${node}`;
  await connector.createGroup(id);
  await uproot(cluster, node, id);
  expect(await connector.deleteGroup(id)).toMatchObject({ status: 'committed' });
  expect(await held(cluster, id)).toEqual(NOWHERE);
});

test('an own error after the write and then a 404 is one success of one saga (S8, scenario 15)', async () => {
  const { nodes, cluster } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('told wrong');
  cluster.setFaults({ nodes: { node02: { verbs: { DELETE: { errorAfter: 1 } } } } });
  void next(connector, 'attempt', ({ step, verb }) => step === 'node02' && verb === 'DELETE').then(() =>
    cluster.setFaults({}),
  );
  const outcome = await connector.deleteGroup('told wrong');
  expect(outcome).toMatchObject({ status: 'committed', nodes: { node02: { attempts: 4 } } });
  expect(await held(cluster, 'told wrong')).toEqual(NOWHERE);
  expect((await connector.info()).sagas).toMatchObject({ ended: 2 });
});

test('a node that declines before anything was removed: rejected(refused), the record is whole', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes, { fanOut: 'sequential' });
  await connector.createGroup('kept');
  const before = await held(cluster, 'kept');
  gate.rule = ({ node, method }) => (node === 'node01' && method === 'DELETE' ? 405 : 'pass');
  expect(await connector.deleteGroup('kept')).toMatchObject({
    status: 'rejected',
    reason: 'refused',
    nodes: { node01: { state: 'refused', status: 405 }, node02: { state: 'untouched' } },
  });
  expect(await held(cluster, 'kept')).toEqual(before);
  gate.pass();
  expect(await connector.verify({ ids: ['kept'] })).toMatchObject({ clean: true });
});

test('a node that declines the reading: rejected(refused), and no DELETE is sent', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('unreadable');
  gate.rule = ({ node, method }) => (node === 'node03' && method === 'GET' ? 403 : 'pass');
  expect(await connector.deleteGroup('unreadable')).toMatchObject({ status: 'rejected', reason: 'refused' });
  expect(gate.calls('DELETE')).toEqual([]);
});

test('a record that this journal did not make: rejected(unknown_version), it stays, the hint says force (S4)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  for (const node of NAMES) await plant(cluster, node, 'theirs', 7.25);
  expect(await connector.deleteGroup('theirs')).toMatchObject({
    status: 'rejected',
    reason: 'unknown_version',
    hint: expect.stringContaining('force'),
  });
  expect(await held(cluster, 'theirs')).toEqual({ node01: 7.25, node02: 7.25, node03: 7.25 });
  expect(gate.calls('DELETE')).toEqual([]);
});

test('force deletes what this journal did not make, on every node; then there is nothing: not_found', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  for (const [at, node] of NAMES.entries()) await plant(cluster, node, 'forced', 7.25 + at);
  expect(await connector.deleteGroup('forced', { force: true })).toMatchObject({ status: 'committed' });
  expect(await held(cluster, 'forced')).toEqual(NOWHERE);
  expect(gate.calls('DELETE').map(({ timestamp }) => timestamp)).toEqual([undefined, undefined, undefined]);
  const again = await connector.deleteGroup('forced', { force: true });
  expect(again).toMatchObject({ status: 'rejected', reason: 'not_found' });
});

test('force and restore together are refused, and nothing is sent', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  const both = connector.deleteGroup('both', { force: true, onFailure: 'restore' });
  await expect(both).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(gate.exchanges).toEqual([]);
});

test('force with a reply that was lost: in_doubt(forward), and the id is locked until Q is over (4.5 step 7)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  await plant(cluster, 'node02', 'forced late', 7.25);
  let lost = 0;
  gate.rule = ({ node, method }) =>
    node === 'node02' && method === 'DELETE' && lost++ === 0 ? 'lose' : 'pass';
  const outcome = await connector.deleteGroup('forced late', { force: true, deadlineMs: 60 });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'forward' });
  expect(await connector.createGroup('forced late', { deadlineMs: 20 })).toMatchObject({ reason: 'busy' });
  expect(await outcome.settled).toMatchObject({ status: 'committed' });
  expect(await connector.createGroup('forced late')).toMatchObject({ status: 'committed' });
});

test('another version on one node: rejected(conflict), that record stays and ours leaves the catalog (S4, scenario 17)', async () => {
  const { nodes, cluster } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('taken over');
  await uproot(cluster, 'node02', 'taken over');
  await plant(cluster, 'node02', 'taken over', 7.25);
  expect(await connector.deleteGroup('taken over')).toMatchObject({
    status: 'rejected',
    reason: 'conflict',
    nodes: { node01: { state: 'applied' }, node02: { state: 'foreign' }, node03: { state: 'applied' } },
  });
  expect(await held(cluster, 'taken over')).toEqual({ ...NOWHERE, node02: 7.25 });
  expect(await connector.info()).toMatchObject({ catalog: 0 });
});

test('the id is held past the deadline: rejected(busy); a node is away: rejected(unavailable) before PLAN', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  const [one, other] = [await connect(nodes, { journal }), await connect(nodes, { journal })];
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(one, 'attempt', ({ verb }) => verb === 'POST');
  const first = one.createGroup('held');
  await posting;
  expect(await other.deleteGroup('held', { deadlineMs: 40 })).toMatchObject({
    status: 'rejected',
    reason: 'busy',
  });
  gate.pass();
  await first;
  gate.rule = ({ node }) => (node === 'node02' ? 500 : 'pass');
  const unread = await one.deleteGroup('held', { deadlineMs: 60 });
  expect(unread).toMatchObject({
    status: 'rejected',
    reason: 'unavailable',
    hint: expect.stringContaining('deadline'),
  });
  expect(gate.calls('DELETE')).toEqual([]);
});

test('a cancel before PLAN: compensated(cancelled), and no DELETE is sent (scenario 26)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('spared');
  const before = await held(cluster, 'spared');
  const controller = new AbortController();
  gate.rule = ({ node }) => {
    if (node === 'node03') controller.abort();
    return node === 'node03' ? 500 : 'pass';
  };
  expect(await connector.deleteGroup('spared', { signal: controller.signal })).toMatchObject({
    status: 'compensated',
    reason: 'cancelled',
  });
  gate.pass();
  expect(gate.calls('DELETE')).toEqual([]);
  expect(await held(cluster, 'spared')).toEqual(before);
});

test('a cancel after PLAN: the delete goes on without its caller, in_doubt(forward) and then committed (4.8)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('past the pivot');
  const controller = new AbortController();
  gate.rule = ({ node, method }) => (node === 'node03' && method === 'DELETE' ? 500 : 'pass');
  void next(connector, 'attempt', ({ step, verb }) => step === 'node03' && verb === 'DELETE').then(() =>
    controller.abort(),
  );
  const outcome = await connector.deleteGroup('past the pivot', { signal: controller.signal });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'forward' });
  gate.pass();
  expect(await outcome.settled).toMatchObject({ status: 'committed' });
  expect(await held(cluster, 'past the pivot')).toEqual(NOWHERE);
});

test('at the deadline: in_doubt(forward), and settled tells that it was committed (L1, L2)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('slow');
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'DELETE' ? 500 : 'pass');
  const outcome = await connector.deleteGroup('slow', { deadlineMs: 120 });
  expect(outcome).toMatchObject({
    status: 'in_doubt',
    direction: 'forward',
    nodes: { node01: { state: 'applied' }, node02: { state: 'pending' } },
  });
  gate.pass();
  expect(await outcome.settled).toMatchObject({ status: 'committed', sagaId: outcome.sagaId });
  expect(await held(cluster, 'slow')).toEqual(NOWHERE);
});

test('a POST of the past that may still come: committed at once, and settled when the DELETE was repeated (S7)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes);
  let lost = 0;
  gate.rule = ({ node, method }) =>
    node === 'node02' && method === 'POST' && lost++ === 0 ? 'lose' : 'pass';
  expect(await connector.createGroup('hot')).toMatchObject({ status: 'committed' });
  gate.exchanges.length = 0;
  const outcome = await connector.deleteGroup('hot');
  expect(outcome).toMatchObject({ status: 'committed', settled: expect.any(Promise) });
  expect(await connector.info()).toMatchObject({ hot: 1 });
  expect(await outcome.settled).toMatchObject({ status: 'committed', sagaId: outcome.sagaId });
  expect(gate.calls('DELETE').filter(({ node }) => node === 'node02')).toHaveLength(2);
  expect(await connector.info()).toMatchObject({ hot: 0 });
  expect(await held(cluster, 'hot')).toEqual(NOWHERE);
});

test('a version that the nodes tell themselves is deleted by it, one that they tell differently is not (S4)', async () => {
  const { cluster, nodes } = await setStage({ extensions: 'on' });
  const connector = await connect(nodes);
  for (const node of NAMES) await plant(cluster, node, 'told', 7.25);
  expect(await connector.deleteGroup('told')).toMatchObject({ status: 'committed' });
  for (const [at, node] of NAMES.entries()) await plant(cluster, node, 'told apart', 7.25 + at);
  expect(await connector.deleteGroup('told apart')).toMatchObject({ reason: 'unknown_version' });
  expect(await held(cluster, 'told apart')).toEqual({ node01: 7.25, node02: 8.25, node03: 9.25 });
});
