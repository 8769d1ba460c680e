import { describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

describe('a journal that fails', () => {
  it('S5, scenario 12: a failed commit is never acknowledged, then or later', async () => {
    for (const failsAtCommit of [1, 2, 3]) {
      const stage = new Stage();
      const actor = await stage.open({ disk: { failsAtCommit } });
      const call = stage.simulation.users.create(actor, 'a');
      await stage.world.run(() => call.answeredAt !== null, 10_000);
      if (call.outcome === null) expect(call.error).toMatchObject({ code: 'JOURNAL_STOPPED' });
      await stage.pass(5_000);
      const again = stage.simulation.users.create(actor, 'b');
      await stage.world.run(() => again.answeredAt !== null, 10_000);
      if (call.outcome === null) expect(again.error).toMatchObject({ code: 'JOURNAL_STOPPED' });
      await stage.rest();
      stage.isThere('a');
    }
  });

  it('S1, scenario 13: no call goes out when PLAN cannot be written', async () => {
    const stage = new Stage({
      extensions: { node01: ['timestamp'], node02: ['timestamp'], node03: ['timestamp'] },
    });
    const actor = await stage.open({ disk: { failsAtCommit: 1 } });
    let calls = 0;
    stage.script(() => {
      calls++;
      return null;
    });
    const call = stage.simulation.users.create(actor, 'a');
    await stage.world.run(() => call.answeredAt !== null, 10_000);
    expect(call.error).toMatchObject({ code: 'JOURNAL_STOPPED' });
    expect(calls).toBe(0);
    await stage.rest();
  });
});
