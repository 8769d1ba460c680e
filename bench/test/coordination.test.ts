import { describe, expect, it } from 'vitest';
import { alone, versus } from '../src/harness/versus.js';
import { callsOf, since } from '../src/workloads/coordination/redis-counts.js';

describe('command counts', () => {
  const before = new Map([
    ['evalsha', 3],
    ['get', 7],
  ]);
  const after = new Map([
    ['evalsha', 5],
    ['get', 7],
    ['set', 1],
  ]);

  it('are what was called in between, new commands among it', () => {
    expect(since(before, after)).toEqual({ evalsha: 2, set: 1 });
  });

  it('are summed over those that a contender sends itself', () => {
    expect(callsOf({ evalsha: 2, set: 1, get: 9 }, ['evalsha', 'set', 'eval'])).toBe(3);
  });
});

describe('a measurement of two contenders', () => {
  const rounds = [
    { ours: 10, theirs: 10 },
    { ours: 30, theirs: 20 },
    { ours: 80, theirs: 20 },
  ];
  const common = { id: 'x', what: 'x', unit: 'µs', rounds, of: 'ours', figure: (value: number) => value };

  it('takes the ratio within each round, then the median', () => {
    const found = versus({ ...common, to: 'theirs', toWhat: 'theirs', bar: { kind: 'atMost', value: 1.4 } });
    expect(found).toMatchObject({
      value: 30,
      floor: { what: 'theirs', value: 20 },
      ratio: 1.5,
      ratioSpread: { least: 1, most: 4 },
      bar: { of: 'ratio', verdict: 'missed' },
    });
  });

  it('holds a figure without a floor against its bar itself', () => {
    const found = alone({ ...common, bar: { kind: 'atLeast', value: 30 } });
    expect(found).toMatchObject({ value: 30, bar: { of: 'value', verdict: 'met' } });
    expect(found).not.toHaveProperty('ratio');
  });
});
