import { describe, expect, it } from 'vitest';
import { judgeSlice } from '../src/workloads/reliable/matrix/judge-slice.js';
import { BASE, isFaulty, POINTS, pointId } from '../src/workloads/reliable/matrix/point.js';

describe('a slice of creates', () => {
  const judged = judgeSlice(
    {
      told: ['created', 'failed', 'created', 'failed', 'open'],
      latenciesMs: Float64Array.of(10, 20, 30, 40, 100),
      cpuUs: 500,
    },
    {
      callers: 2,
      nodes: 3,
      prefix: 'p-',
      holders: new Map([
        ['p-1', 3],
        ['p-3', 2],
        ['p-4', 3],
        ['p-5', 1],
        ['other-1', 1],
      ]),
    },
  );

  it('has diverged where an id is on some nodes only', () => {
    expect(judged.divergent).toBe(2);
  });

  it('was untrue where the caller was told the contrary of what the nodes hold', () => {
    expect(judged.untrue).toBe(2);
  });

  it('counts as a rate what the callers were told to be created, at the pace of all creates', () => {
    expect(judged).toMatchObject({ creates: 5, success: 0.4, p50Ms: 30, cpuUsPerCreate: 100 });
    expect(judged.perSecond).toBeCloseTo((2 * 1000 * 0.4) / 40);
  });
});

describe('the points of the matrix', () => {
  it('vary one thing at a time around the base, and have the values of the contract', () => {
    expect(new Set(POINTS.map(pointId)).size).toBe(POINTS.length);
    expect(pointId(BASE)).toBe('nodes-3.callers-16.fault-0.delay-0');
    const values = (of: 'nodes' | 'callers' | 'faultRate' | 'delayMs'): number[] =>
      [...new Set(POINTS.map((point) => point[of]))].sort((a, b) => a - b);
    expect(values('nodes')).toEqual([3, 8, 32]);
    expect(values('callers')).toEqual([1, 16, 64]);
    expect(values('faultRate')).toEqual([0, 0.1, 0.2, 0.5]);
    expect(values('delayMs')).toEqual([0, 10, 50]);
    expect(POINTS.filter(isFaulty)).toHaveLength(5);
  });
});
