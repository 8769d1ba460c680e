import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryJournal, type Outcome } from '../../src/index.js';
import { connect, next } from './support/connect.js';
import { held, shareStage } from './support/stage.js';

const stage = shareStage();

test('one key at the same time, also from two connectors, is one saga and one outcome (S9, scenario 22)', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  const [one, other] = [await connect(nodes, { journal }), await connect(nodes, { journal })];
  const o = { idempotencyKey: 'at once' };
  const outcomes = await Promise.all([
    one.createGroup('a', o),
    one.createGroup('a', o),
    other.createGroup('a', o),
    other.createGroup('a', o),
  ]);
  const [first] = outcomes;
  expect(first).toMatchObject({ status: 'committed' });
  expect(outcomes).toEqual([first, first, first, first]);
  expect(gate.calls('POST')).toHaveLength(3);
  expect((await one.info()).sagas).toMatchObject({ ended: 1 });
});

test('one key after a restart leads to the stored outcome, and nothing is sent (S9, scenario 22)', async () => {
  const { nodes, gate, folder } = stage();
  const journal = join(folder, 'idempotency.db');
  const before = await connect(nodes, { journal });
  const created = await before.createGroup('b', { idempotencyKey: 'create b' });
  const rejected = await before.createGroup('b', { idempotencyKey: 'create b again' });
  expect([created.status, rejected.reason]).toEqual(['committed', 'exists']);
  await before.close();
  gate.exchanges.length = 0;
  const after = await connect(nodes, { journal });
  expect(await after.createGroup('b', { idempotencyKey: 'create b' })).toEqual(created);
  expect(await after.createGroup('b', { idempotencyKey: 'create b again' })).toEqual(rejected);
  expect(gate.exchanges).toEqual([]);
  expect(await after.status({ idempotencyKey: 'create b' })).toMatchObject({
    id: created.sagaId,
    phase: 'ended',
  });
  await after.close();
});

test('a saga that was left behind is joined by its key, adopted and finished (S9)', async () => {
  const { nodes, cluster, gate } = stage();
  const journal = createMemoryJournal();
  const before = await connect(nodes, { journal });
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(before, 'attempt', ({ verb }) => verb === 'POST');
  const left = expect(before.createGroup('left', { idempotencyKey: 'left' })).rejects.toMatchObject({
    code: 'CLOSED',
  });
  const { sagaId } = await posting;
  await before.close();
  await left;
  gate.pass();
  const after = await connect(nodes, { journal });
  expect(await after.createGroup('left', { idempotencyKey: 'left' })).toMatchObject({
    status: 'committed',
    sagaId,
  });
  expect(Object.values(await held(cluster, 'left'))).not.toContain(null);
});

test('a running saga is joined up to the own deadline of the caller: in_doubt, and the saga is not disturbed', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  const o = { idempotencyKey: 'joined' };
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(connector, 'attempt', ({ verb }) => verb === 'POST');
  const first = connector.createGroup('joined', o);
  const { sagaId } = await posting;
  const joined = await connector.createGroup('joined', { ...o, deadlineMs: 40 });
  expect(joined).toMatchObject({ status: 'in_doubt', sagaId, hint: expect.stringContaining('same key') });
  gate.pass();
  expect(await first).toMatchObject({ status: 'committed', sagaId });
});

test('one key with other arguments is IDEMPOTENCY_MISMATCH naming key and saga, and nothing is sent (S9)', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  const { sagaId } = await connector.createGroup('c', { idempotencyKey: 'k' });
  gate.exchanges.length = 0;
  const mismatch = {
    code: 'IDEMPOTENCY_MISMATCH',
    retryable: false,
    message: expect.stringMatching(new RegExp(`"k" belongs to saga ${sagaId} .*new key`)),
  };
  const k = { idempotencyKey: 'k' };
  for (const other of [
    connector.createGroup('d', k),
    connector.createGroup('c', { ...k, onDeadline: 'forward' }),
    connector.deleteGroup('c', k),
    connector.deleteGroup('c', { ...k, force: true }),
  ])
    await expect(other).rejects.toMatchObject(mismatch);
  // What does not change what is asked for is no other argument.
  expect(await connector.createGroup('c', { ...k, deadlineMs: 5_000 })).toMatchObject({ sagaId });
  expect(gate.exchanges).toEqual([]);
});

test('busy is not stored: the same key works once the id is free (S9)', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(connector, 'attempt', ({ verb }) => verb === 'POST');
  const holder = connector.createGroup('e');
  await posting;
  const o = { idempotencyKey: 'delete e' };
  expect(await connector.deleteGroup('e', { ...o, deadlineMs: 40 })).toMatchObject({
    reason: 'busy',
    sagaId: null,
  });
  gate.pass();
  await holder;
  expect(await connector.deleteGroup('e', o)).toMatchObject({ status: 'committed' });
});

test('unavailable is not stored: the same key works once the node is back (S9)', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  await connector.createGroup('f');
  gate.rule = ({ node }) => (node === 'node02' ? 500 : 'pass');
  const o = { idempotencyKey: 'delete f' };
  expect(await connector.deleteGroup('f', { ...o, deadlineMs: 60 })).toMatchObject({ reason: 'unavailable' });
  gate.pass();
  expect(await connector.deleteGroup('f', o)).toMatchObject({ status: 'committed' });
});

test('a cancelled saga keeps its outcome under the key; a call that was cancelled in line does not (S9)', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  const controller = new AbortController();
  const inLine = new AbortController();
  const waiting = { idempotencyKey: 'waited in line' };
  let waited: Promise<Outcome> | undefined;
  gate.rule = ({ node, method }) => {
    if (method !== 'POST' || node !== 'node02') return 'pass';
    waited ??= connector.createGroup('g', { ...waiting, signal: inLine.signal });
    inLine.abort();
    controller.abort();
    return 500;
  };
  const o = { idempotencyKey: 'cancelled' };
  const cancelled = await connector.createGroup('g', { ...o, signal: controller.signal });
  expect(cancelled).toMatchObject({ status: 'compensated', reason: 'cancelled', sagaId: expect.any(Number) });
  expect(await waited).toEqual({ status: 'compensated', reason: 'cancelled', sagaId: null, nodes: {} });
  gate.pass();
  expect(await connector.createGroup('g', o)).toEqual(cancelled);
  expect(await connector.createGroup('g', waiting)).toMatchObject({ status: 'committed' });
});

test.each([
  ['', 0],
  ['k'.repeat(257), 257],
  ['é'.repeat(129), 258],
])('a key outside 1 to 256 bytes is refused, and nothing is sent', async (idempotencyKey, bytes) => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  const refused = { code: 'INVALID_ARGUMENT', message: `idempotencyKey has ${bytes} bytes; give 1 to 256` };
  await expect(connector.createGroup('h', { idempotencyKey })).rejects.toMatchObject(refused);
  await expect(connector.deleteGroup('h', { idempotencyKey })).rejects.toMatchObject(refused);
  expect(gate.exchanges).toEqual([]);
});

test.each([0, -1, Number.NaN, 86_400_001])(
  'deadlineMs %d of a call is refused, and nothing is sent',
  async (deadlineMs) => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes);
    const refused = {
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`deadlineMs is ${deadlineMs}`),
    };
    await expect(connector.createGroup('h', { deadlineMs })).rejects.toMatchObject(refused);
    await expect(connector.deleteGroup('h', { deadlineMs })).rejects.toMatchObject(refused);
    expect(gate.exchanges).toEqual([]);
  },
);
