import { describe, expect, it } from 'vitest';
import { OWN_ERROR, Q, Stage } from './stage.js';

describe('operations among others', () => {
  it('S3, scenario 19: a failed saga leaves no trace in the next one of the same connector', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    stage.script((call) =>
      call.groupId === 'a' && call.node === 'node02' && call.method === 'POST' ? OWN_ERROR : null,
    );
    await stage.answer(stage.simulation.users.create(actor, 'a'));
    expect(await stage.answer(stage.simulation.users.create(actor, 'b'))).toMatchObject({
      status: 'committed',
    });
    expect(stage.isThere('a')).toBe(false);
    expect(stage.isThere('b')).toBe(true);
    await stage.rest();
  });

  it('S6 and S7, scenario 18: creates and deletes of one id from four processes have a serial order', async () => {
    const stage = new Stage({
      faultRate: 0.2,
      faultWeights: { 'own error before the write': 1, 'reply lost': 1 },
    });
    stage.simulation.network.faultRate = 0.2;
    stage.simulation.network.faultWeights = { 'own error before the write': 1, 'reply lost': 1 };
    const actors = await Promise.all([1, 2, 3, 4].map(() => stage.open()));
    const calls = Array.from({ length: 24 }, (_, i) => {
      const actor = actors[i % actors.length];
      if (actor === undefined) throw new Error('no actor');
      return i % 3 === 2
        ? stage.simulation.users.delete(actor, 'a')
        : stage.simulation.users.create(actor, 'a');
    });
    await stage.world.run(() => calls.every((call) => call.answeredAt !== null), 60_000);
    await stage.rest();
    stage.isThere('a');
  });

  it('S9, scenario 22: one key is one saga: at once, again, after a crash; other arguments are an error', async () => {
    const stage = new Stage();
    const [one, other] = [await stage.open(), await stage.open()];
    const key = { idempotencyKey: 'order 1' };
    const calls = [one, other, one].map((actor) => stage.simulation.users.create(actor, 'a', key));
    const outcomes: unknown[] = [];
    for (const call of calls) outcomes.push(await stage.answer(call));
    one.process.kill('for the scenario');
    outcomes.push(await stage.answer(stage.simulation.users.create(other, 'a', key)));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ status: 'committed' });
    const wrong = stage.simulation.users.delete(other, 'a', key);
    await expect(stage.answer(wrong)).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    await stage.rest();
  });

  it('L4, scenario 30: a saga that is stuck in its undo blocks no other id', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    stage.script((call) =>
      call.groupId === 'a' && call.node === 'node02'
        ? call.method === 'POST' && call.nth === 1
          ? { lands: [0.5 * Q], shows: 'nothing' }
          : OWN_ERROR
        : null,
    );
    await stage.answer(stage.simulation.users.create(actor, 'a'));
    for (let i = 0; i < 20; i++)
      expect(await stage.answer(stage.simulation.users.create(actor, `other ${i}`))).toMatchObject({
        status: 'committed',
      });
    expect(stage.simulation.durable.of('a').at(-1)?.phase).toBe('aborting');
    await stage.rest();
  });

  it('L4, scenario 30: in a bulk call one poisoned id and one dead node leave the others to end', async () => {
    const stage = new Stage({ deadlineMs: 500 });
    const actor = await stage.open();
    const ids = ['fine 1', 'a/b', ...Array.from({ length: 60 }, (_, i) => `fine ${i + 2}`)];
    const results: { groupId: string; status: string }[] = [];
    const bulk = (async () => {
      for await (const item of actor.connector.createGroups(ids, { concurrency: 8 }))
        results.push({ groupId: item.groupId, status: item.outcome?.status ?? 'error' });
    })();
    stage.world.after(60, () => void stage.simulation.network.links.set('node03', 'refused'));
    await stage.until(bulk);
    expect(results).toHaveLength(ids.length);
    expect(results.filter(({ status }) => status === 'error')).toMatchObject([{ groupId: 'a/b' }]);
    expect(results.some(({ status }) => status === 'committed')).toBe(true);
    await stage.rest();
  });
});
