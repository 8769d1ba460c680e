import { describe, expect, it } from 'vitest';
import { OWN_ERROR, Q, Stage } from './stage.js';

describe('late requests', () => {
  it('S3, scenario 5: a POST that lands after the undo, but within Q, is removed before the saga ends', async () => {
    const stage = new Stage();
    stage.script(({ method, node, nth }) => {
      if (method !== 'POST') return null;
      if (node === 'node02' && nth === 1) return { lands: [0.9 * Q], shows: 'nothing' };
      return node === 'node02' ? { sent: false, lands: [] } : null;
    });
    const actor = await stage.open();
    const call = stage.simulation.users.create(actor, 'a');
    expect(await stage.answer(call)).toMatchObject({ status: 'in_doubt', direction: 'abort' });
    stage.simulation.network.director = null;
    expect(await stage.lastWord(call)).toMatchObject({ status: 'compensated' });
    expect(stage.world.now).toBeGreaterThan(Q);
    await stage.rest();
    expect(stage.isThere('a')).toBe(false);
  });

  it('S3, scenario 5: beyond Q it leaves an orphan, and verify finds it', async () => {
    const stage = new Stage();
    stage.script(({ method, node, nth }) => {
      if (method !== 'POST' || node !== 'node02') return null;
      return nth === 1 ? { lands: [3 * Q], shows: 'nothing' } : { sent: false, lands: [] };
    });
    const actor = await stage.open();
    const call = stage.simulation.users.create(actor, 'a');
    await stage.lastWord(call);
    await stage.pass(4 * Q);
    expect(stage.records('a').map((version) => version !== undefined)).toEqual([false, true, false]);
    const told = await stage.until(actor.connector.verify({ ids: ['a'] }));
    expect(told.clean).toBe(false);
    expect(told.differences).toMatchObject([{ groupId: 'a', node: 'node02', kind: 'foreign' }]);
  });

  it('S3: an undo counts only if it was sent when no POST could land any more, whenever it is answered', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const stage = new Stage({ seed });
      stage.script(({ method, node, nth, sentAt }) => {
        if (node !== 'node02' || method === 'GET') return null;
        if (method === 'POST') return nth === 1 ? { lands: [0.99 * Q], shows: 'nothing' } : OWN_ERROR;
        return sentAt < Q - 150 ? OWN_ERROR : { lands: [1], shownMs: 160 };
      });
      const actor = await stage.open();
      await stage.lastWord(stage.simulation.users.create(actor, 'a'));
      await stage.rest();
      expect(stage.isThere('a')).toBe(false);
    }
  });

  it('S3, scenario 6: two late POSTs on one node, one of them observed', async () => {
    const stage = new Stage();
    stage.script(({ method, node, nth }) => {
      if (method !== 'POST' || node !== 'node03') return null;
      if (nth === 1) return { lands: [0.95 * Q], shows: 'nothing' };
      return nth === 2 ? { lands: [100], shows: 'nothing' } : null;
    });
    const actor = await stage.open();
    const call = stage.simulation.users.create(actor, 'a');
    await stage.answer(call);
    await stage.pass(2 * Q);
    await stage.rest();
    stage.isThere('a');
  });

  it('S7, scenario 34: a late POST of a committed create comes back after its delete, and is taken away again', async () => {
    const stage = new Stage();
    stage.script(({ method, node, nth }) =>
      method === 'POST' && node === 'node01' && nth === 1
        ? { lands: [0.9 * Q], shows: 'reset', shownMs: 1 }
        : null,
    );
    const actor = await stage.open();
    expect(await stage.answer(stage.simulation.users.create(actor, 'a'))).toMatchObject({
      status: 'committed',
    });
    const deleting = stage.simulation.users.delete(actor, 'a');
    expect(await stage.answer(deleting)).toMatchObject({ status: 'committed' });
    await stage.pass(0.95 * Q - stage.world.now);
    expect(stage.records('a')[0]).toBeDefined();
    expect(
      await stage.until(deleting.outcome?.settled ?? Promise.reject(new Error('nothing is owed'))),
    ).toMatchObject({
      status: 'committed',
    });
    expect(stage.isThere('a')).toBe(false);
    await stage.rest();
  });

  it('L3, scenario 7: the undo of a node that is away for an hour is parked, visible, and ends', async () => {
    const stage = new Stage({ parkAfterMs: 60_000 });
    const actor = await stage.open();
    stage.script(({ method, node, nth }) =>
      method === 'POST' && node === 'node02'
        ? nth === 1
          ? { shows: 'nothing' }
          : { sent: false, lands: [] }
        : null,
    );
    const call = stage.simulation.users.create(actor, 'a');
    await stage.world.run(() => stage.records('a')[1] !== undefined, 1_000);
    stage.simulation.network.links.set('node02', 'black hole');
    await stage.answer(call);
    await stage.pass(3_600_000);
    expect(await stage.until(actor.connector.parked())).toMatchObject([{ groupId: 'a', node: 'node02' }]);
    expect(stage.records('a')[1]).toBeDefined();
    stage.simulation.network.links.clear();
    await stage.pass(60_000);
    expect(await stage.until(actor.connector.parked())).toEqual([]);
    expect(stage.isThere('a')).toBe(false);
    await stage.rest();
  });
});
