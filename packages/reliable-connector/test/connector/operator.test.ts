import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../src/index.js';
import { connect, eventually, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { held, type Stage, shareStage } from './support/stage.js';

const stage = shareStage();

/** A delete that is parked: node02 declines after the others have removed the record. */
async function park(groupId: string, journal = createMemoryJournal()) {
  const { nodes, gate } = stage();
  const connector = await connect(nodes, { journal });
  await connector.createGroup(groupId);
  gate.rule = async ({ node, method }): Promise<Fate> => {
    if (node !== 'node02' || method !== 'DELETE') return 'pass';
    await eventually(() =>
      expect(gate.calls('DELETE').filter(({ status }) => status === 200).length).toBe(2),
    );
    return 403;
  };
  const outcome = await connector.deleteGroup(groupId);
  expect(outcome).toMatchObject({
    status: 'parked',
    hint: expect.stringContaining('403'),
    nodes: { node01: { state: 'applied' }, node02: { state: 'refused' }, node03: { state: 'applied' } },
  });
  gate.pass();
  return { connector, sagaId: outcome.sagaId ?? 0 };
}

const presence = async (cluster: Stage['cluster'], id: string): Promise<boolean[]> =>
  Object.values(await held(cluster, id)).map((version) => version !== null);

test('a refusal after something was removed parks the saga: parked() names it, the id stays locked (4.5 step 6)', async () => {
  const { connector, sagaId } = await park('a');
  const { gate, cluster } = stage();
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'DELETE' ? 403 : 'pass');
  expect(await connector.parked()).toEqual([
    {
      sagaId,
      definition: 'group.delete',
      groupId: 'a',
      node: 'node02',
      why: expect.stringContaining('refuses the DELETE with 403'),
      ageMs: expect.any(Number),
    },
  ]);
  expect(await connector.info()).toMatchObject({ sagas: { applying: 1, parked: 1 } });
  expect(await connector.deleteGroup('a', { deadlineMs: 30 })).toMatchObject({ reason: 'busy' });
  expect(await presence(cluster, 'a')).toEqual([false, true, false]);
});

test('resolve(retry) asks the node again, and the saga ends', async () => {
  const { connector, sagaId } = await park('b');
  const ended = next(connector, 'end');
  const resolved = await connector.resolve(sagaId, { node: 'node02', assume: 'retry', by: 'jo' });
  expect(resolved).toMatchObject({ id: sagaId, parked: null });
  expect(await ended).toMatchObject({ sagaId, outcome: { status: 'committed' } });
  expect(await connector.parked()).toEqual([]);
  expect(await presence(stage().cluster, 'b')).toEqual([false, false, false]);
  expect(await connector.createGroup('b')).toMatchObject({ status: 'committed' });
});

test('resolve(done) sends that node nothing more, the saga ends, and the journal says by whom', async () => {
  const { connector, sagaId } = await park('c');
  const { gate, cluster } = stage();
  gate.exchanges.length = 0;
  const ended = next(connector, 'end');
  await connector.resolve(sagaId, { node: 'node02', assume: 'done', by: 'jo' });
  expect(await ended).toMatchObject({ sagaId, outcome: { status: 'committed' } });
  expect(gate.exchanges.filter(({ node }) => node === 'node02')).toEqual([]);
  expect(await presence(cluster, 'c')).toEqual([false, true, false]);
  const report = await connector.status(sagaId);
  expect(report?.resolved['node02']).toContain('jo');
  expect(report?.timeline.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['park', 'resolve', 'end']),
  );
});

test('resolve of what is not parked, or of a node that it does not have, is SAGA_NOT_FOUND', async () => {
  const { connector, sagaId } = await park('d');
  const missing = { code: 'SAGA_NOT_FOUND', message: expect.stringContaining('parked()') };
  await expect(connector.resolve(999_999, { node: 'node02', assume: 'done' })).rejects.toMatchObject(missing);
  await expect(connector.resolve(sagaId, { node: 'node09', assume: 'done' })).rejects.toMatchObject(missing);
  await connector.resolve(sagaId, { node: 'node02', assume: 'retry' });
  await eventually(async () => expect(await connector.status(sagaId)).toMatchObject({ phase: 'ended' }));
  await expect(connector.resolve(sagaId, { node: 'node02', assume: 'done' })).rejects.toMatchObject(missing);
});

test('a parked saga that was left behind is parked for the next connector too, which can resolve it', async () => {
  const journal = createMemoryJournal();
  const { connector, sagaId } = await park('e', journal);
  await connector.close();
  const { nodes, gate } = stage();
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'DELETE' ? 403 : 'pass');
  const successor = await connect(nodes, { journal });
  expect(await successor.parked()).toMatchObject([{ sagaId, groupId: 'e', node: 'node02' }]);
  expect(await successor.recover()).toMatchObject({ adopted: 1, ended: 0, parked: [{ sagaId }] });
  gate.pass();
  const ended = next(successor, 'end');
  await successor.resolve(sagaId, { node: 'node02', assume: 'retry' });
  expect(await ended).toMatchObject({ outcome: { status: 'committed' } });
});

test('an undo that gets nowhere is shown as parked, goes on, and ends by itself when the node is back (L3, scenario 7)', async () => {
  const { nodes, cluster, gate } = stage();
  const connector = await connect(nodes, { parkAfterMs: 50 });
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 500 : 'pass');
  const parking = next(connector, 'park');
  const outcome = await connector.createGroup('f', { deadlineMs: 60 });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'abort' });
  expect(await parking).toMatchObject({ sagaId: outcome.sagaId, step: 'node02' });
  expect(await outcome.settled).toMatchObject({ status: 'parked' });
  const ended = next(connector, 'end');
  gate.pass();
  expect(await ended).toMatchObject({ sagaId: outcome.sagaId, outcome: { status: 'compensated' } });
  expect(await connector.parked()).toEqual([]);
  expect(await presence(cluster, 'f')).toEqual([false, false, false]);
});

test('status, sagas and info tell of a saga while it runs and after it', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  expect(await connector.status(1)).toBeNull();
  expect(await connector.status({ idempotencyKey: 'nobody' })).toBeNull();
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(connector, 'attempt', ({ verb }) => verb === 'POST');
  const creating = connector.createGroup('g', { idempotencyKey: 'key of g' });
  const { sagaId } = await posting;
  const running = {
    id: sagaId,
    key: 'g',
    definition: 'group.create',
    phase: 'applying',
    idempotencyKey: 'key of g',
    ownerAlive: true,
    ownerPid: process.pid,
    endedAt: null,
  };
  expect(await connector.status(sagaId)).toMatchObject(running);
  expect(await connector.status({ idempotencyKey: 'key of g' })).toMatchObject(running);
  expect(await connector.sagas()).toMatchObject([running]);
  expect(await connector.sagas({ key: 'another' })).toEqual([]);
  gate.pass();
  await creating;
  expect(await connector.sagas()).toEqual([]);
  expect(await connector.sagas({ phases: ['ended'] })).toMatchObject([
    { id: sagaId, phase: 'ended', ownerAlive: false, ownerPid: null, outcome: { status: 'committed' } },
  ]);
  expect(await connector.info()).toEqual({
    id: connector.journalId,
    path: null,
    schemaVersion: 1,
    slot: 0,
    fence: expect.any(BigInt),
    term: null,
    nodes,
    sagas: { locked: 0, applying: 0, aborting: 0, ended: 1, parked: 0 },
    catalog: 1,
    hot: 0,
    owners: 1,
    bytes: 0,
  });
  expect(connector.nodes).toEqual(['node01', 'node02', 'node03']);
});
