import { describe, expect, it } from 'vitest';
import { type Actor, OWN_ERROR, Q, Stage } from './stage.js';

async function withGroup(stage: Stage): Promise<Actor> {
  const actor = await stage.open();
  expect(await stage.answer(stage.simulation.users.create(actor, 'a'))).toMatchObject({
    status: 'committed',
  });
  return actor;
}

describe('delete', () => {
  it('S3, scenario 14: nodes that lack the record already do not stop the delete', async () => {
    for (const missing of [['node01'], ['node02', 'node03'], ['node01', 'node03']]) {
      const stage = new Stage();
      const actor = await withGroup(stage);
      for (const node of stage.simulation.nodes)
        if (missing.includes(node.name)) stage.simulation.outsider.delete(node, 'a');
      expect(await stage.answer(stage.simulation.users.delete(actor, 'a'))).toMatchObject({
        status: 'committed',
      });
      expect(stage.isThere('a')).toBe(false);
      await stage.rest();
    }
  });

  it('S8, scenario 15: an own error after the write and a 404 for the retry is a success of one saga', async () => {
    const stage = new Stage();
    const actor = await withGroup(stage);
    const sagas = stage.simulation.durable.sagas.size;
    stage.script(({ method, node, nth }) =>
      method === 'DELETE' && node === 'node02' && nth === 1 ? { shows: OWN_ERROR.shows ?? 'reset' } : null,
    );
    expect(await stage.answer(stage.simulation.users.delete(actor, 'a'))).toMatchObject({
      status: 'committed',
    });
    expect(stage.simulation.durable.sagas.size).toBe(sagas + 1);
    await stage.rest();
    expect(stage.isThere('a')).toBe(false);
  });

  it.each([0, 0.5 * Q, 0.95 * Q])(
    'S3, scenario 16: a restore is immune to a delete that lands %d ms late',
    async (late) => {
      const stage = new Stage();
      const actor = await withGroup(stage);
      const [t0] = stage.records('a');
      stage.script(({ method, node, nth }) => {
        if (method !== 'DELETE' || node !== 'node03') return null;
        if (nth === 1 && late > 0) return { lands: [late], shows: 'nothing' };
        return stage.world.now < 1_500 ? { sent: false, lands: [] } : null;
      });
      const call = stage.simulation.users.delete(actor, 'a', { onFailure: 'restore' });
      expect(await stage.answer(call)).toMatchObject({ status: 'in_doubt', direction: 'abort' });
      expect(await stage.lastWord(call)).toMatchObject({ status: 'compensated', reason: 'deadline' });
      await stage.pass(2 * Q);
      expect(stage.isThere('a')).toBe(true);
      expect(stage.records('a')).not.toContain(t0);
      await stage.rest();
    },
  );

  it('S4, scenario 17: a delete never removes the re-creation of somebody else', async () => {
    const stage = new Stage();
    const actor = await withGroup(stage);
    for (const node of stage.simulation.nodes) {
      stage.simulation.outsider.delete(node, 'a');
      stage.simulation.outsider.create(node, 'a', 4.5);
    }
    expect(await stage.answer(stage.simulation.users.delete(actor, 'a'))).toMatchObject({
      reason: 'conflict',
    });
    expect(stage.records('a')).toEqual([4.5, 4.5, 4.5]);
    await stage.rest();
  });
});
