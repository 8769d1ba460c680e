import { describe, expect, test } from 'vitest';
import { connect, eventually, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { plant, setStage, shareStage, uproot } from './support/stage.js';

describe('getGroup', () => {
  const stage = shareStage();

  test('tells present and absent by node, and no version where the nodes tell none', async () => {
    const { nodes, cluster, gate } = stage();
    const connector = await connect(nodes);
    await plant(cluster, 'node02', 'half', 7.25);
    expect(await connector.getGroup('half')).toEqual({
      groupId: 'half',
      nodes: { node01: 'absent', node02: 'present', node03: 'absent' },
      timestamps: {},
      pendingSaga: null,
    });
    expect(gate.calls().map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  test('tells the versions that nodes with the extension timestamp tell, null where a record has none', async () => {
    const { cluster, nodes } = await setStage({ extensions: 'on' });
    const connector = await connect(nodes);
    await plant(cluster, 'node01', 'told', 7.25);
    await fetch(`${cluster.nodes['node02']}/group`, {
      method: 'POST',
      headers: { node: 'node02' },
      body: '{"groupId": "told"}',
    });
    expect(await connector.getGroup('told')).toMatchObject({
      nodes: { node01: 'present', node02: 'present', node03: 'absent' },
      timestamps: { node01: 7.25, node02: null },
    });
  });

  test('tells unknown of a node without a usable answer, by its own deadline, and asks again until then', async () => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes, { retry: { attemptTimeoutMs: 300 } });
    gate.rule = ({ node }) => (node === 'node01' ? 500 : node === 'node02' ? 'hang' : 'pass');
    // It is waited out, and within it the third node has to answer a busy machine.
    const report = await connector.getGroup('unclear', { deadlineMs: 1_000 });
    expect(report.nodes).toEqual({ node01: 'unknown', node02: 'unknown', node03: 'absent' });
    expect(gate.calls().filter(({ node }) => node === 'node01').length).toBeGreaterThan(1);
    gate.pass();
    expect((await connector.getGroup('unclear')).nodes).toMatchObject({ node01: 'absent', node02: 'absent' });
  });

  test('an abort ends it at once', async () => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes);
    gate.rule = ({ node }) => (node === 'node02' ? 'hang' : 'pass');
    const controller = new AbortController();
    const reading = connector.getGroup('aborted', { signal: controller.signal });
    await eventually(() => expect(gate.calls().length).toBe(3));
    controller.abort();
    expect((await reading).nodes).toMatchObject({ node02: 'unknown' });
  });

  test('tells pending while a saga holds the id, and which', async () => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes);
    gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
    const posting = next(connector, 'attempt', ({ verb }) => verb === 'POST');
    const creating = connector.createGroup('busy');
    const { sagaId } = await posting;
    expect(await connector.getGroup('busy')).toMatchObject({
      nodes: { node01: 'pending', node02: 'pending', node03: 'pending' },
      pendingSaga: sagaId,
    });
    gate.pass();
    await creating;
    expect(await connector.getGroup('busy')).toMatchObject({
      nodes: { node02: 'present' },
      pendingSaga: null,
    });
  });
});

describe('stats', () => {
  test('counts by node, with one reading where they agree', async () => {
    const { nodes, gate } = await setStage();
    const connector = await connect(nodes);
    await connector.createGroup('a');
    await connector.createGroup('b');
    gate.exchanges.length = 0;
    expect(await connector.stats()).toEqual({
      consistent: true,
      counts: { node01: 2, node02: 2, node03: 2 },
    });
    expect(gate.exchanges.map(({ path }) => path)).toEqual(['/v1/stats']);
  });

  test('calls the cluster inconsistent only after two readings that agree (4.10)', async () => {
    const { nodes, gate, cluster } = await setStage();
    const connector = await connect(nodes);
    await plant(cluster, 'node01', 'a', 7.25);
    expect(await connector.stats()).toEqual({
      consistent: false,
      counts: { node01: 1, node02: 0, node03: 0 },
    });
    expect(gate.exchanges).toHaveLength(2);
    // Between the first reading and the second the other nodes get it too: that was no inconsistency.
    gate.exchanges.length = 0;
    gate.rule = async (): Promise<Fate> => {
      if (gate.exchanges.length < 2) return 'pass';
      gate.pass();
      await plant(cluster, 'node02', 'a', 7.25);
      await plant(cluster, 'node03', 'a', 7.25);
      return 'pass';
    };
    expect(await connector.stats()).toEqual({
      consistent: true,
      counts: { node01: 1, node02: 1, node03: 1 },
    });
    // And two different inconsistent readings are no agreement: a third one is made.
    await uproot(cluster, 'node03', 'a');
    gate.exchanges.length = 0;
    gate.rule = async (): Promise<Fate> => {
      if (gate.exchanges.length < 2) return 'pass';
      gate.pass();
      await uproot(cluster, 'node02', 'a');
      return 'pass';
    };
    expect(await connector.stats()).toEqual({
      consistent: false,
      counts: { node01: 1, node02: 0, node03: 0 },
    });
    expect(gate.exchanges).toHaveLength(3);
  });

  test('asks the next node when one does not answer, and throws NODES_UNREACHABLE when none does', async () => {
    const { direct, cluster } = await setStage();
    const connector = await connect(direct);
    await cluster.stopNode('node01');
    expect(await connector.stats()).toMatchObject({ consistent: true });
    await cluster.stopNode('node02');
    await cluster.stopNode('node03');
    const failed = connector.stats({ deadlineMs: 60 });
    await expect(failed).rejects.toMatchObject({
      code: 'NODES_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(/60 ms.*node01 http.*node02 http.*node03 http/),
    });
  });
});

describe('plan', () => {
  const stage = shareStage();

  test.each(['create', 'delete'] as const)(
    'of a %s sends nothing, and is what is then really sent',
    async (op) => {
      const { nodes, gate } = stage();
      const connector = await connect(nodes);
      const id = `to ${op} 100%`;
      let token: number | null | undefined;
      if (op === 'delete')
        token = (await connector.status((await connector.createGroup(id)).sagaId ?? 0))?.token;
      gate.exchanges.length = 0;
      const planned = await connector.plan(op, id);
      expect(gate.exchanges).toEqual([]);
      expect((await connector.info()).sagas).toMatchObject({ locked: 0, applying: 0 });

      const outcome = await (op === 'create' ? connector.createGroup(id) : connector.deleteGroup(id));
      expect(outcome).toMatchObject({ status: 'committed' });
      token ??= (await connector.status(outcome.sagaId ?? 0))?.token;
      const calls = planned.map(({ stage: order, node, verb, url, headers, body }) => ({
        order,
        node: headers['node'] ?? node,
        method: verb,
        path: new URL(url).pathname,
        timestamp: headers['timestamp']?.replace('<allocated by PLAN>', String(token)),
        body: body ?? '',
      }));
      const sorted = <T extends { node: string }>(list: readonly T[]): T[] =>
        list.toSorted((a, b) => a.node.localeCompare(b.node));
      const sent = gate.exchanges.map(({ node, method, path, timestamp, body }, at) => ({
        order: at < 3 ? 1 : 2,
        node,
        method,
        path,
        timestamp,
        body,
      }));
      expect(sorted(calls.filter(({ order }) => order === 1))).toEqual(sorted(sent.slice(0, 3)));
      expect(sorted(calls.filter(({ order }) => order === 2))).toEqual(sorted(sent.slice(3)));
    },
  );

  test('of a delete of a record that the journal does not know says that the nodes decide', async () => {
    const { nodes } = stage();
    const connector = await connect(nodes);
    const planned = await connector.plan('delete', 'theirs');
    expect(planned.at(-1)).toMatchObject({
      verb: 'DELETE',
      headers: { timestamp: '<as the nodes tell it>' },
    });
  });
});
