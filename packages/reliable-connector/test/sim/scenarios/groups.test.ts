import { describe, expect, it } from 'vitest';
import { runSeed } from '../run-seed.js';
import { Prng } from '../world/prng.js';
import { Stage } from './stage.js';

describe('groups', () => {
  it('S4, scenario 32: ids that no node can address are refused before anything is written', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    for (const id of ['a/b', '', '.', '..', 'a\u0000b', '\n', '\ud800', 'x'.repeat(1_000_000)])
      await expect(actor.connector.createGroup(id)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(stage.simulation.durable.sagas.size).toBe(0);
    expect(await stage.answer(stage.simulation.users.create(actor, '7'))).toMatchObject({
      status: 'committed',
    });
    expect(await stage.until(actor.connector.createGroup(7))).toMatchObject({ reason: 'exists' });
    expect(await stage.answer(stage.simulation.users.create(actor, 'grü ß %2F ?#'))).toMatchObject({
      status: 'committed',
    });
    await stage.rest();
  });

  it.each([1, 2, 3])('S6, scenario 33: random operations agree with a plain map (%d)', async (seed) => {
    const stage = new Stage();
    stage.simulation.network.faultRate = 0.2;
    stage.simulation.network.faultWeights = {
      'own error before the write': 1,
      'own error after the write': 1,
      'not sent': 1,
    };
    const actor = await stage.open({ options: { deadlineMs: 60_000 } });
    const dice = new Prng(seed, 'map');
    const map = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const id = dice.pick(['a', 'b', 'c']);
      const creates = dice.chance(0.5);
      const call = creates
        ? stage.simulation.users.create(actor, id, { deadlineMs: 60_000 })
        : stage.simulation.users.delete(actor, id, { deadlineMs: 60_000 });
      const { status, reason } = await stage.answer(call);
      const works = creates !== map.has(id);
      expect(status).toBe(works ? 'committed' : 'rejected');
      if (!works) expect(reason).toBe(creates ? 'exists' : 'not_found');
      if (creates) map.add(id);
      else map.delete(id);
    }
    await stage.rest();
    for (const id of ['a', 'b', 'c']) expect(stage.isThere(id)).toBe(map.has(id));
  });

  it.each([0, 0.2, 0.5, 0.8])(
    "S3, scenario 35: the origin's API at a fault rate of %d leaves nothing divergent",
    async (faultRate) => {
      for (const seed of [1, 2, 3]) {
        const world = {
          extensions: {},
          outsider: false,
          faultRate,
          faultWeights: { 'own error before the write': 1, 'reply lost': 0.3 },
        };
        expect((await runSeed(seed, undefined, world)).violations).toEqual([]);
      }
    },
  );

  it('S3, scenario 36: a node that returns with an empty disk is filled by repair', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    for (const id of ['a', 'b']) await stage.answer(stage.simulation.users.create(actor, id));
    const before = [stage.records('a'), stage.records('b')];
    stage.simulation.nodes[1]?.wipe();
    expect((await stage.until(actor.connector.verify())).differences).toMatchObject([
      { groupId: 'a', node: 'node02', kind: 'missing' },
      { groupId: 'b', node: 'node02', kind: 'missing' },
    ]);
    await stage.until(actor.connector.repair());
    expect([stage.records('a'), stage.records('b')]).toEqual(before);
    expect((await stage.until(actor.connector.verify())).clean).toBe(true);
    await stage.rest();
  });
});
