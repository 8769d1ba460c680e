import { describe, expect, test } from 'vitest';
import { createMemoryJournal } from '../../src/index.js';
import { connect, eventually, hear } from './support/connect.js';
import { entryOf } from './support/entry-of.js';
import { held, plant, shareStage, uproot } from './support/stage.js';

describe.each(['off', 'on'] as const)('with extensions %s', (extensions) => {
  const stage = shareStage({ extensions });

  test('a node that declines: rejected(refused), the record is back whole under a fresh token, with its first creation time (4.5)', async () => {
    const { nodes, cluster, gate } = stage();
    const journal = createMemoryJournal();
    const connector = await connect(nodes, { journal });
    await connector.createGroup('declined');
    const before = await entryOf(journal, nodes, 'declined');
    const decisions = hear(connector, 'decision');
    // Its DELETE of the old version is refused only going forward: a restore has to burn that version everywhere.
    gate.rule = ({ node, method }) =>
      node === 'node02' && method === 'DELETE' && decisions.length === 0 ? 403 : 'pass';
    const outcome = await connector.deleteGroup('declined', { onFailure: 'restore' });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'refused' });
    const after = await entryOf(journal, nodes, 'declined');
    expect(after?.token).not.toBe(before?.token);
    expect(after?.createdAt).toBe(before?.createdAt);
    const { token } = after ?? {};
    expect(await held(cluster, 'declined')).toEqual({ node01: token, node02: token, node03: token });
    expect(await connector.verify({ ids: ['declined'] })).toMatchObject({ clean: true });
    expect(await connector.deleteGroup('declined')).toMatchObject({ status: 'committed' });
  });

  test('a node that hangs past the deadline: in_doubt(abort), then compensated, and the record is back whole (scenario 16)', async () => {
    const { nodes, cluster, gate } = stage();
    const journal = createMemoryJournal();
    const connector = await connect(nodes, { journal, retry: { attemptTimeoutMs: 60 } });
    await connector.createGroup('hung');
    const before = await entryOf(journal, nodes, 'hung');
    gate.rule = ({ node, method }) => (node === 'node03' && method === 'DELETE' ? 'hang' : 'pass');
    const outcome = await connector.deleteGroup('hung', { onFailure: 'restore', deadlineMs: 150 });
    expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'abort' });
    gate.pass();
    expect(await outcome.settled).toMatchObject({ status: 'compensated', reason: 'deadline' });
    const after = await entryOf(journal, nodes, 'hung');
    expect(after?.token).not.toBe(before?.token);
    expect(after?.createdAt).toBe(before?.createdAt);
    const { token } = after ?? {};
    expect(await held(cluster, 'hung')).toEqual({ node01: token, node02: token, node03: token });
  });

  test('a DELETE that arrives after the restore removes nothing: it names the old version (S3, scenario 16)', async () => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes, { retry: { attemptTimeoutMs: 60 } });
    await connector.createGroup('late delete');
    cluster.setFaults({
      nodes: { node03: { verbs: { DELETE: { late: { rate: 1, minMs: 200, maxMs: 220 } } } } },
    });
    const outcome = await connector.deleteGroup('late delete', { onFailure: 'restore', deadlineMs: 100 });
    cluster.setFaults({});
    const end = outcome.settled ? await outcome.settled : outcome;
    expect(end).toMatchObject({ status: 'compensated', reason: 'deadline' });
    const restored = await held(cluster, 'late delete');
    expect(Object.values(restored)).not.toContain(null);
    await eventually(() =>
      expect(cluster.log().some(({ groupId, late }) => groupId === 'late delete' && late)).toBe(true),
    );
    expect(await held(cluster, 'late delete')).toEqual(restored);
    expect(gate.calls('DELETE').every(({ timestamp }) => timestamp !== undefined)).toBe(true);
  });

  test('a cancel after PLAN: compensated(cancelled), and the record is back whole', async () => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('cancelled');
    const controller = new AbortController();
    gate.rule = ({ node, method }) => {
      if (node !== 'node03' || method !== 'DELETE' || controller.signal.aborted) return 'pass';
      controller.abort();
      return 500;
    };
    const outcome = await connector.deleteGroup('cancelled', {
      onFailure: 'restore',
      signal: controller.signal,
    });
    const end = outcome.settled ? await outcome.settled : outcome;
    expect(end).toMatchObject({ status: 'compensated', reason: 'cancelled' });
    expect(new Set(Object.values(await held(cluster, 'cancelled'))).size).toBe(1);
    expect(await connector.getGroup('cancelled')).toMatchObject({ nodes: { node03: 'present' } });
  });

  test('another version on one node: rejected(conflict), ours is back on the others, theirs stays (S4)', async () => {
    const { nodes, cluster } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('split');
    await uproot(cluster, 'node02', 'split');
    await plant(cluster, 'node02', 'split', 7.25);
    const outcome = await connector.deleteGroup('split', { onFailure: 'restore' });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'conflict' });
    const { node01, node02, node03 } = await held(cluster, 'split');
    expect(node02).toBe(7.25);
    expect(node01).toBe(node03);
    expect(node01).not.toBeNull();
  });

  test('a restore that is refused itself is parked, not forgotten', async () => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('stuck');
    gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 403 : 'pass');
    const outcome = await connector.deleteGroup('stuck', { onFailure: 'restore' });
    expect(outcome).toMatchObject({ status: 'parked', hint: expect.stringContaining('cannot be put back') });
    expect(await connector.parked()).toMatchObject([
      { sagaId: outcome.sagaId, groupId: 'stuck', node: 'node02', definition: 'group.delete' },
    ]);
    expect(await connector.deleteGroup('stuck', { deadlineMs: 30 })).toMatchObject({ reason: 'busy' });
  });
});
