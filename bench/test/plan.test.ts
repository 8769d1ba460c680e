import { describe, expect, it } from 'vitest';
import { resolvePlan } from '../src/plan.js';

describe('resolvePlan', () => {
  it('asks for at least the five pairs of the contract, for ten runs of the CLI and a million sagas', () => {
    const plan = resolvePlan();
    expect(plan.rounds).toBeGreaterThanOrEqual(5);
    expect(plan.cli).toMatchObject({ runs: 10, ids: 100 });
    expect(plan.memory.sagas).toBe(1_000_000);
    expect(Object.isFrozen(plan)).toBe(true);
  });

  it('is short when it is to be quick, and takes the rounds that it is given', () => {
    expect(resolvePlan({ quick: true })).toMatchObject({
      quick: true,
      rounds: 2,
      cli: { runs: 1, ids: 20 },
    });
    expect(resolvePlan({ quick: true, rounds: 3 }).rounds).toBe(3);
  });

  it('does less of what takes minutes where it is one of many, in as many rounds', () => {
    const [alone, all] = [resolvePlan(), resolvePlan({ all: true })];
    expect(all.rounds).toBe(alone.rounds);
    expect(all.memory.sagas).toBeLessThan(alone.memory.sagas);
    expect(all.cli.mostMs).toBeLessThan(alone.cli.mostMs);
    expect(all.strategy.memory.churn.queries).toBeLessThan(alone.strategy.memory.churn.queries);
    expect(all.stack.chaosSeconds).toBeLessThan(alone.stack.chaosSeconds);
    expect(all.stack.wants).toEqual(alone.stack.wants);
    expect(resolvePlan({ all: true, quick: true })).toEqual(resolvePlan({ quick: true }));
  });

  it.each([0, 1.5, 1_001, Number.NaN])('refuses %s rounds and names the limits', (rounds) => {
    expect(() => resolvePlan({ rounds })).toThrow(`rounds is ${rounds}; give a whole number from 1 to 1000`);
  });
});
