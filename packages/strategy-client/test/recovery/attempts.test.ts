import { describe, expect, it } from 'vitest';
import { Stage } from '../sim/scenarios/stage.js';

const ONE = [{ idempotent: false, rows: 1 }];

describe('how often a call is repeated', () => {
  it('five times: then it tells that neither deployment takes calls', async () => {
    // Announced as soon as it went off, and not accepted: what is active is asked for by a guess that is wrong.
    const stage = new Stage({ script: ['announce', 'cutover'], early: true, wrong: [], queries: ONE });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
    `);
    const { engine } = stage.simulation;
    // Nobody takes calls now.
    engine.serves = () => false;
    for (let at = 0; stage.outcomes[0] === '-' && at < 100; at++) {
      const { world } = stage.simulation;
      const [choice] = world.choices().filter(({ kind }) => kind !== 'operator');
      if (choice !== undefined) await world.take(choice);
    }
    expect(stage.outcomes).toEqual(['StrategyDetectionError']);
    expect(stage.metrics.retries).toBe(4);
    await stage.simulation.close();
  });

  it('five times: then it tells that the engine cannot be reached', async () => {
    const stage = new Stage({ queries: ONE, faults: 10, kinds: ['before send'] });
    await stage.plays(`
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok
      ${'prepare of query 1 on blue: before send\ntime passes\n'.repeat(4)}
      prepare of query 1 on blue: before send
    `);
    expect(stage.outcomes).toEqual(['StrategyClientError']);
    expect(stage.simulation.users[0]?.error?.message).toContain(
      'prepareStatement had no answer in 5 attempts',
    );
    await stage.simulation.close();
  });
});
