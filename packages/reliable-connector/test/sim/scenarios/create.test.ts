import { describe, expect, it } from 'vitest';
import { drawFate, FAULT_KINDS, type FaultKind } from '../network/fate.js';
import { Prng } from '../world/prng.js';
import { Stage } from './stage.js';

const NODES = ['node01', 'node02', 'node03'];
const ADMITTED: readonly FaultKind[] = ['duplicate', 'own error, then the write', 'beyond Q'];
const KINDS = FAULT_KINDS.filter((kind) => !ADMITTED.includes(kind));

describe('create', () => {
  it.each(KINDS)(
    'S3, scenario 1: "%s" at each node and each attempt leaves all nodes alike',
    async (kind) => {
      for (const node of NODES)
        for (const nth of [1, 2]) {
          const stage = new Stage();
          const dice = new Prng(nth, kind);
          const fate = drawFate(
            1,
            { [kind]: 1 },
            { dice, maxServerLagMs: 2_000, timeoutMs: 200, wayMs: () => 1 },
          );
          stage.script((call) =>
            call.method === 'POST' && call.node === node && call.nth <= nth ? fate : null,
          );
          const actor = await stage.open();
          const outcome = await stage.answer(stage.simulation.users.create(actor, 'a'));
          expect(outcome.status).toMatch(/committed|in_doubt|compensated/);
          await stage.rest();
          expect(stage.isThere('a')).toBe(outcome.status === 'committed');
        }
    },
  );

  it('S4 and S8, scenario 2: a record on one node rejects the create and stays', async () => {
    for (const [at, node] of NODES.entries()) {
      const stage = new Stage();
      const [holder] = stage.simulation.nodes.filter(({ name }) => name === node);
      if (holder !== undefined) stage.simulation.outsider.create(holder, 'a', 77.5);
      const actor = await stage.open();
      const outcome = await stage.answer(stage.simulation.users.create(actor, 'a'));
      expect(outcome).toMatchObject({ status: 'rejected', reason: 'exists' });
      expect(stage.records('a')).toEqual(NODES.map((_, i) => (i === at ? 77.5 : undefined)));
      await stage.rest();
    }
  });

  it('S4, scenario 3: a group that is everywhere is rejected without a write', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    await stage.answer(stage.simulation.users.create(actor, 'a'));
    const before = stage.records('a');
    let writes = 0;
    stage.script((call) => {
      if (call.method !== 'GET') writes++;
      return null;
    });
    const outcome = await stage.answer(stage.simulation.users.create(actor, 'a'));
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'exists' });
    expect(writes).toBe(0);
    expect(stage.records('a')).toEqual(before);
    await stage.rest();
  });

  it('S3 and S8, scenario 4: a lost reply and a 400 for the retry are settled as ours', async () => {
    for (const node of NODES)
      for (const extensions of [[], ['timestamp' as const]]) {
        const stage = new Stage({ extensions: Object.fromEntries(NODES.map((name) => [name, extensions])) });
        stage.script((call) =>
          call.method === 'POST' && call.node === node && call.nth === 1 ? { shows: 'nothing' } : null,
        );
        const actor = await stage.open();
        const outcome = await stage.answer(stage.simulation.users.create(actor, 'a'));
        expect(outcome.status).toBe('committed');
        expect(stage.isThere('a')).toBe(true);
        await stage.rest();
      }
  });

  it('S8, scenario 26: a cancel after the end does not change what was told', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    const cancel = new AbortController();
    const call = stage.simulation.users.create(actor, 'a', { signal: cancel.signal });
    const outcome = await stage.answer(call);
    cancel.abort();
    await stage.pass(5_000);
    expect(outcome.status).toBe('committed');
    expect(stage.simulation.durable.sagas.get(outcome.sagaId ?? 0)?.outcome).toMatchObject({
      status: 'committed',
    });
    await stage.rest();
    expect(stage.isThere('a')).toBe(true);
  });
});
