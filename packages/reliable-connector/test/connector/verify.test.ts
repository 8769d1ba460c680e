import { describe, expect, test } from 'vitest';
import { createMemoryJournal } from '../../src/index.js';
import { connect, next } from './support/connect.js';
import { held, plant, setStage, shareStage, uproot } from './support/stage.js';

describe('verify', () => {
  test('finds each kind of difference, and names node, expected and found version', async () => {
    const { nodes, cluster, gate } = await setStage({ extensions: 'on' });
    const journal = createMemoryJournal();
    const creator = await connect(nodes, { journal });
    const connector = await connect(nodes, { journal, deadlineMs: 400 });
    const tokens = new Map<string, number | null | undefined>();
    for (const id of ['fine', 'missing', 'wrong', 'unread']) {
      const { sagaId } = await creator.createGroup(id);
      tokens.set(id, (await connector.status(sagaId ?? 0))?.token);
    }
    await uproot(cluster, 'node02', 'missing');
    await uproot(cluster, 'node03', 'wrong');
    await plant(cluster, 'node03', 'wrong', 7.25);
    await plant(cluster, 'node01', 'foreign', 8.25);
    gate.rule = ({ node, path }) => (node === 'node01' && path.endsWith('/unread') ? 500 : 'pass');
    const common = { kind: 'unknown', node: 'node01', found: null };
    expect(await connector.verify()).toEqual({
      checked: 5,
      clean: false,
      differences: [
        { groupId: 'foreign', node: 'node01', kind: 'foreign', expected: null, found: 8.25 },
        { groupId: 'missing', node: 'node02', kind: 'missing', expected: tokens.get('missing'), found: null },
        { ...common, groupId: 'unread', expected: tokens.get('unread') },
        {
          groupId: 'wrong',
          node: 'node03',
          kind: 'wrong_version',
          expected: tokens.get('wrong'),
          found: 7.25,
        },
      ],
    });
    expect(await connector.verify({ ids: ['fine', 'fine', 'nowhere'] })).toEqual({
      checked: 2,
      clean: true,
      differences: [],
    });
    expect([...gate.calls('POST'), ...gate.calls('DELETE')].map(({ path }) => path)).toHaveLength(12);
  });

  test('tells pending of an id that a saga holds', async () => {
    const { nodes, gate } = await setStage();
    const connector = await connect(nodes, { deadlineMs: 300 });
    gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
    const created = next(connector, 'attempt', ({ verb, answer }) => verb === 'POST' && answer === 'yes');
    const creating = connector.createGroup('busy', { onDeadline: 'forward', deadlineMs: 20_000 });
    await created;
    const { differences } = await connector.verify({ ids: ['busy'] });
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['pending']));
    gate.pass();
    await creating;
    expect(await connector.verify({ ids: ['busy'] })).toMatchObject({ clean: true });
  });

  test('without the extension list it compares what the catalog holds, without timestamp only existence', async () => {
    const { nodes, cluster } = await setStage();
    const connector = await connect(nodes);
    await connector.createGroup('ours');
    await plant(cluster, 'node01', 'foreign', 7.25);
    expect(await connector.verify()).toEqual({ checked: 1, clean: true, differences: [] });
    expect(await connector.verify({ ids: ['foreign'] })).toMatchObject({
      differences: [{ groupId: 'foreign', node: 'node01', kind: 'foreign', found: null }],
    });
  });
});

describe.each(['off', 'on'] as const)('repair with extensions %s', (extensions) => {
  const stage = shareStage({ extensions });

  test('fills what the catalog holds, under the catalog version, and leaves foreign records alone', async () => {
    const { nodes, cluster } = stage();
    const connector = await connect(nodes);
    const ids = ['filled', 'foreign to repair'];
    await connector.createGroup('filled');
    const whole = await held(cluster, 'filled');
    cluster.setFaults({});
    await uproot(cluster, 'node02', 'filled');
    await plant(cluster, 'node01', 'foreign to repair', 7.25);
    expect(await connector.repair({ ids })).toMatchObject([
      { groupId: 'filled', action: 'fill', outcome: { status: 'committed' } },
      { groupId: 'foreign to repair', action: 'none' },
    ]);
    expect(await held(cluster, 'filled')).toEqual(whole);
    expect(await held(cluster, 'foreign to repair')).toMatchObject({ node01: 7.25, node02: null });
    expect(await connector.repair({ ids: ['filled'] })).toEqual([
      { groupId: 'filled', action: 'none', differences: [] },
    ]);
  });

  test('dryRun says what it would do and sends no write', async () => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('dry');
    await uproot(cluster, 'node02', 'dry');
    gate.exchanges.length = 0;
    const [item, ...others] = await connector.repair({ ids: ['dry'], dryRun: true });
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      groupId: 'dry',
      action: 'fill',
      differences: [{ kind: 'missing', node: 'node02' }],
    });
    expect(item).not.toHaveProperty('outcome');
    expect([...gate.calls('POST'), ...gate.calls('DELETE')]).toEqual([]);
  });

  test('remove deletes what is ours, and foreign records only with force (S4)', async () => {
    const { nodes, cluster } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('removed');
    await uproot(cluster, 'node02', 'removed');
    await plant(cluster, 'node01', 'foreign to remove', 7.25);
    const ids = ['removed', 'foreign to remove'];
    expect(await connector.repair({ ids, direction: 'remove' })).toMatchObject([
      { groupId: 'foreign to remove', action: 'none' },
      { groupId: 'removed', action: 'remove', outcome: { status: 'committed' } },
    ]);
    expect(await held(cluster, 'foreign to remove')).toMatchObject({ node01: 7.25 });
    expect(await connector.repair({ ids, direction: 'remove', force: true })).toMatchObject([
      { groupId: 'foreign to remove', action: 'remove', outcome: { status: 'committed' } },
      { groupId: 'removed', action: 'none' },
    ]);
    for (const id of ids)
      expect(await held(cluster, id)).toEqual({ node01: null, node02: null, node03: null });
  });

  test('an id without a difference is not touched, whatever direction and force say', async () => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    await connector.createGroup('healthy');
    const whole = await held(cluster, 'healthy');
    gate.exchanges.length = 0;
    for (const direction of ['fill', 'remove'] as const)
      for (const force of [false, true])
        expect(await connector.repair({ ids: ['healthy'], direction, force })).toEqual([
          { groupId: 'healthy', action: 'none', differences: [] },
        ]);
    expect([...gate.calls('POST'), ...gate.calls('DELETE')]).toEqual([]);
    expect(await held(cluster, 'healthy')).toEqual(whole);
  });
});

test('a node that comes back with an empty disk converges by repair (scenario 36)', async () => {
  const { nodes, cluster } = await setStage({ extensions: 'on' });
  const connector = await connect(nodes);
  const ids = Array.from({ length: 12 }, (_, at) => `g${at}`);
  for await (const { outcome } of connector.createGroups(ids)) expect(outcome?.status).toBe('committed');
  await cluster.wipeNode('node03');
  expect((await connector.verify()).differences).toHaveLength(12);
  const repaired = await connector.repair();
  expect(repaired.map(({ action, outcome }) => [action, outcome?.status])).toEqual(
    ids.map(() => ['fill', 'committed']),
  );
  expect(await connector.verify()).toEqual({ checked: 12, clean: true, differences: [] });
  expect(await connector.stats()).toEqual({
    consistent: true,
    counts: { node01: 12, node02: 12, node03: 12 },
  });
  const versions = await held(cluster, 'g7');
  expect(new Set(Object.values(versions)).size).toBe(1);
});

test('a version that a node has burnt: fill moves all nodes to a fresh one', async () => {
  const { nodes, cluster } = await setStage({ extensions: 'on' });
  const connector = await connect(nodes);
  const { sagaId } = await connector.createGroup('burnt');
  const token = (await connector.status(sagaId ?? 0))?.token;
  await fetch(`${cluster.nodes['node02']}/group`, {
    method: 'DELETE',
    headers: { node: 'node02', timestamp: String(token) },
    body: '{"groupId": "burnt"}',
  });
  expect(await connector.repair()).toMatchObject([{ action: 'fill', outcome: { status: 'committed' } }]);
  const versions = Object.values(await held(cluster, 'burnt'));
  expect(new Set(versions).size).toBe(1);
  expect(versions).not.toContain(token);
  expect(await connector.verify()).toMatchObject({ clean: true });
});

test('fill with force replaces another version on a node, without it that record stays (S4)', async () => {
  const { nodes, cluster } = await setStage({ extensions: 'on' });
  const connector = await connect(nodes);
  const { sagaId } = await connector.createGroup('replaced');
  const token = (await connector.status(sagaId ?? 0))?.token;
  await uproot(cluster, 'node02', 'replaced');
  await plant(cluster, 'node02', 'replaced', 7.25);
  expect(await connector.repair()).toMatchObject([
    { action: 'none', differences: [{ kind: 'wrong_version' }] },
  ]);
  expect(await held(cluster, 'replaced')).toMatchObject({ node02: 7.25 });
  expect(await connector.repair({ force: true })).toMatchObject([
    { action: 'fill', outcome: { status: 'committed' } },
  ]);
  expect(await held(cluster, 'replaced')).toEqual({ node01: token, node02: token, node03: token });
});
