import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryJournal, type Journal, type ReliableConnector } from '../../src/index.js';
import { connect, eventually, hear, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { held, shareStage } from './support/stage.js';

const stage = shareStage();
const NOWHERE = { node01: null, node02: null, node03: null };

/** A create or delete that its connector leaves behind: closed without grace while node02 gives no definite answer. */
async function abandon(
  journal: string | Journal,
  start: (connector: ReliableConnector) => Promise<unknown>,
  o: { readonly prepare?: (connector: ReliableConnector) => Promise<unknown>; readonly fate?: Fate } = {},
): Promise<void> {
  const { nodes, gate } = stage();
  const connector = await connect(nodes, { journal });
  await o.prepare?.(connector);
  gate.exchanges.length = 0;
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? (o.fate ?? 500) : 'pass');
  const attempts = hear(connector, 'attempt');
  const left = expect(start(connector)).rejects.toMatchObject({ code: 'CLOSED' });
  // What the gate has passed on the connector may not have read yet, and then its RESULT would not be in the journal.
  await eventually(() =>
    expect(
      attempts.filter(({ verb, status }) => verb !== 'GET' && status !== null && status < 300).length,
    ).toBe(2),
  );
  await connector.close();
  await left;
  gate.pass();
}

test.each([
  ['SQLite', () => join(stage().folder, 'abandoned.db')],
  ['memory', () => createMemoryJournal()],
])(
  'a create that was left behind is adopted and committed by the next connector (%s journal)',
  async (_, journalOf) => {
    const journal = journalOf();
    const id = `left in ${typeof journal}`;
    await abandon(journal, (connector) => connector.createGroup(id), { fate: 'hang' });
    const { nodes, cluster } = stage();
    const successor = await connect(nodes, { journal });
    expect(await successor.sagas()).toMatchObject([{ key: id, phase: 'applying', ownerAlive: false }]);
    const adopted = hear(successor, 'adopt');
    const passes = hear(successor, 'recover');
    expect(await successor.recover()).toEqual({ adopted: 1, ended: 1, waiting: [], parked: [], held: 0 });
    expect(adopted).toMatchObject([{ key: id, phase: 'applying', definition: 'group.create' }]);
    expect(passes).toEqual([{ adopted: 1, waiting: 0, parked: 0 }]);
    const versions = await held(cluster, id);
    expect(new Set(Object.values(versions)).size).toBe(1);
    expect(versions).not.toMatchObject({ node01: null });
    expect(await successor.recover()).toMatchObject({ adopted: 0 });
    await successor.close();
  },
);

test('a delete that was left behind goes forward with the same version', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.deleteGroup('left delete'), {
    prepare: (connector) => connector.createGroup('left delete'),
  });
  const { nodes, cluster, gate } = stage();
  const token = gate.calls('DELETE')[0]?.timestamp;
  gate.exchanges.length = 0;
  const successor = await connect(nodes, { journal });
  expect(await successor.recover()).toMatchObject({ adopted: 1, ended: 1 });
  expect(gate.calls('DELETE').map(({ timestamp }) => timestamp)).toEqual([token, token, token]);
  expect(await held(cluster, 'left delete')).toEqual(NOWHERE);
});

test('background recovery adopts without being asked', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.createGroup('left to the background'));
  const { nodes } = stage();
  const successor = await connect(nodes, { journal, recoverEveryMs: 20 });
  expect(await next(successor, 'end')).toMatchObject({
    key: 'left to the background',
    outcome: { status: 'committed' },
  });
});

test('a saga of a live connector is held, not taken', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  const [owner, other] = [await connect(nodes, { journal }), await connect(nodes, { journal })];
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(owner, 'attempt', ({ verb }) => verb === 'POST');
  const creating = owner.createGroup('alive');
  await posting;
  expect(await other.recover()).toMatchObject({ adopted: 0, held: 1 });
  gate.pass();
  expect(await creating).toMatchObject({ status: 'committed' });
  expect(await other.recover()).toMatchObject({ adopted: 0, held: 0 });
});

test('a create that is older than maxForwardAgeMs is undone, not finished (4.6)', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.createGroup('too old'));
  const { nodes, cluster } = stage();
  const successor = await connect(nodes, { journal, maxForwardAgeMs: 0 });
  const ended = next(successor, 'end');
  await successor.recover({ wait: true });
  expect(await ended).toMatchObject({ outcome: { status: 'compensated', reason: 'too_old' } });
  expect(await held(cluster, 'too old')).toEqual(NOWHERE);
});

test('what only waits for Q is listed, not waited for, unless asked (4.6)', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.createGroup('settling'));
  const { nodes, cluster } = stage();
  const successor = await connect(nodes, { journal, maxForwardAgeMs: 0, maxServerLagMs: 1_000 });
  const report = await successor.recover();
  expect(report).toMatchObject({ adopted: 1, ended: 0 });
  // Of the others the journal holds the definite answers (RESULT).
  expect(report.waiting.map(({ node }) => node)).toEqual(['node02']);
  for (const one of report.waiting) {
    expect(one).toMatchObject({ groupId: 'settling', sagaId: expect.any(Number) });
    expect(one.waitMs).toBeGreaterThan(0);
    expect(one.waitMs).toBeLessThanOrEqual(1_000);
  }
  expect(await successor.createGroup('settling', { deadlineMs: 30 })).toMatchObject({ reason: 'busy' });
  await next(successor, 'end');
  expect(await held(cluster, 'settling')).toEqual(NOWHERE);
});

test('recover returns while a node is away, and the saga ends when it is back (4.6)', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.createGroup('away'));
  const { nodes, cluster, gate } = stage();
  gate.rule = ({ node }) => (node === 'node02' ? 'reset' : 'pass');
  const successor = await connect(nodes, { journal, deadlineMs: 60_000 });
  expect(await successor.recover()).toMatchObject({ adopted: 1, ended: 0, parked: [] });
  const ended = next(successor, 'end');
  gate.pass();
  expect(await ended).toMatchObject({ key: 'away', outcome: { status: 'committed' } });
  expect(Object.values(await held(cluster, 'away'))).not.toContain(null);
});

test('a saga that is stuck blocks no other id, of its own journal or of its recovery (L4)', async () => {
  const journal = createMemoryJournal();
  await abandon(journal, (connector) => connector.createGroup('stuck'));
  const { nodes, gate } = stage();
  gate.rule = ({ node, method, body }) =>
    node === 'node02' && method === 'POST' && body.includes('stuck') ? 500 : 'pass';
  const successor = await connect(nodes, { journal });
  const recovering = successor.recover();
  expect(await successor.createGroup('other')).toMatchObject({ status: 'committed' });
  expect(await successor.sagas()).toMatchObject([{ key: 'stuck', phase: 'applying' }]);
  gate.pass();
  expect(await recovering).toMatchObject({ adopted: 1, ended: 1 });
});
