import { describe, expect, it } from 'vitest';
import { Q, Stage } from './stage.js';

const HOUR = 3_600_000;

describe('time', () => {
  it('S4 and L2, scenario 23: the wall clock may jump by an hour, back and forth and past 2038; tokens stay unique', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    for (const jump of [HOUR, -HOUR, -HOUR, HOUR, 13 * 365 * 24 * HOUR, -13 * 365 * 24 * HOUR]) {
      stage.world.jumpWall(jump);
      expect(await stage.answer(stage.simulation.users.create(actor, 'a'))).toMatchObject({
        status: 'committed',
      });
      expect(await stage.answer(stage.simulation.users.delete(actor, 'a'))).toMatchObject({
        status: 'committed',
      });
    }
    const tokens = [...stage.simulation.durable.sagas.values()].flatMap((saga) => saga.token ?? []);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect([...tokens].sort((a, b) => a - b)).toEqual(tokens);
    await stage.rest();
  });

  it.each(['black hole', 'refused'] as const)(
    'L2, scenario 25: a deadline during send and backoff is kept (%s)',
    async (link) => {
      const stage = new Stage();
      const actor = await stage.open();
      await stage.answer(stage.simulation.users.create(actor, 'b'));
      stage.script((call) =>
        call.method === 'POST' && call.node === 'node02'
          ? { lands: [], shows: link === 'refused' ? 'reset' : 'nothing' }
          : null,
      );
      for (const deadlineMs of [30, 150, 777]) {
        const call = stage.simulation.users.create(actor, 'a', { deadlineMs });
        const outcome = await stage.answer(call);
        expect(outcome.status).not.toBe('committed');
        expect((call.answeredAt ?? Number.POSITIVE_INFINITY) - call.invokedAt).toBeLessThan(deadlineMs + 20);
        await stage.lastWord(call);
      }
      await stage.rest();
    },
  );

  it('L3, scenario 25: the undo survives the deadline of its caller', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    stage.script(({ method, node, nth }) => {
      if (node !== 'node02') return null;
      if (method === 'POST') return nth === 1 ? { shows: 'nothing' } : { sent: false, lands: [] };
      return method === 'DELETE' && nth < 8 ? { lands: [], shows: 'nothing' } : null;
    });
    const call = stage.simulation.users.create(actor, 'a', { deadlineMs: 400 });
    expect(await stage.answer(call)).toMatchObject({ status: 'in_doubt', direction: 'abort' });
    expect(await stage.lastWord(call)).toMatchObject({ status: 'compensated' });
    expect(stage.isThere('a')).toBe(false);
    await stage.rest();
  });

  it.each(['99999999999', '-5', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', '1e9'])(
    'L1 and L2, scenario 27: Retry-After "%s" stops neither caller nor undo',
    async (value) => {
      const stage = new Stage();
      const actor = await stage.open();
      const busy = {
        status: 503,
        headers: { 'retry-after': value },
        body: '{"message": "Later.", "status": 503}',
      };
      stage.script(({ method, node, nth }) =>
        method !== 'GET' && node === 'node01' && nth <= 2 ? { lands: [], shows: busy } : null,
      );
      const call = stage.simulation.users.create(actor, 'a');
      await stage.answer(call);
      expect(call.answeredAt).toBeLessThan(call.invokedAt + 1_050);
      expect((await stage.lastWord(call)).status).toMatch(/committed|compensated/);
      expect(stage.world.now).toBeLessThan(20 * Q);
      await stage.rest();
    },
  );
});
