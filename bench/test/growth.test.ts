import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf } from '../src/fit/growth.js';
import { fitPower, fitShape, type Point } from '../src/fit/least-squares.js';

const SIZES = [10, 100, 1_000, 10_000];
/** What the medians of a good run differ by. */
const NOISE = [0.97, 1.02, 1.03, 0.98];

function points(cost: (n: number) => number, sizes: readonly number[] = SIZES): readonly Point[] {
  return sizes.map((n, i) => ({ n, cost: cost(n) * (NOISE[i % NOISE.length] ?? 1) }));
}

describe('fitPower', () => {
  it('finds factor and exponent of any power', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        fc.double({ min: -2, max: 3, noNaN: true }),
        (a, k) => {
          const fit = fitPower(SIZES.map((n) => ({ n, cost: a * n ** k })));
          expect(fit.exponent).toBeCloseTo(k, 6);
          expect(fit.factor / a).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});

describe('fitShape', () => {
  it('finds the fixed part and that of each', () => {
    const fit = fitShape(
      SIZES.map((n) => ({ n, cost: 40 + 0.3 * n })),
      'linear',
    );
    expect(fit.fixed).toBeCloseTo(40, 6);
    expect(fit.each).toBeCloseTo(0.3, 9);
    expect(fit.residual).toBeCloseTo(0, 6);
  });

  it('knows no negative part', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (costs) => {
          const given = SIZES.map((n, i) => ({ n, cost: costs[i] ?? 1 }));
          for (const shape of ['constant', 'linear', 'n log n', 'quadratic'] as const) {
            const { fixed, each, residual } = fitShape(given, shape);
            expect(Math.min(fixed, each, residual)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});

describe('growthOf', () => {
  it.each([
    ['constant', (): number => 3, false],
    ['linear', (n: number): number => 0.5 * n, false],
    ['linear', (n: number): number => 200 + 0.5 * n, false],
    ['n log n', (n: number): number => 0.01 * n * Math.log(n), true],
    ['quadratic', (n: number): number => 5 + 0.001 * n * n, true],
  ] as const)('sees %s', (shape, cost, worseThanLinear) => {
    expect(growthOf(points(cost))).toMatchObject({ shape, worseThanLinear });
    expect(growthOf(points(cost).toReversed())).toMatchObject({ shape, worseThanLinear });
  });

  it('takes the simpler shape where the rounds of every size differ by more than it is off', () => {
    const costs = [
      { n: 3, cost: 10.1 },
      { n: 8, cost: 9.7 },
      { n: 32, cost: 36.1 },
    ];
    expect(growthOf(costs)?.shape).toBe('quadratic');
    const unsteady = (share: number): readonly Point[] =>
      costs.map(({ n, cost }) => ({ n, cost, least: cost * (1 - share), most: cost * (1 + share) }));
    expect(growthOf(unsteady(0.05))?.shape).toBe('quadratic');
    expect(growthOf(unsteady(0.3))?.shape).toBe('linear');
    expect(growthOf(unsteady(3))?.shape).toBe('linear');
    // One steady size is enough to be strict.
    expect(growthOf([...unsteady(0.3).slice(0, 2), ...costs.slice(2)])?.shape).toBe('quadratic');
  });

  it('looks between the two largest sizes, where a fixed cost hides least', () => {
    const growth = growthOf([
      { n: 10, cost: 1 },
      { n: 100, cost: 1 },
      { n: 1_000, cost: 2 },
      { n: 10_000, cost: 40 },
    ]);
    expect(growth?.exponent).toBeLessThan(1);
    expect(growth?.lastExponent).toBeCloseTo(1.301, 3);
    expect(growth?.worseThanLinear).toBe(true);
  });

  it('says nothing of two sizes, nor of costs that were not measured', () => {
    expect(growthOf(points((n) => n, [10, 100]))).toBeNull();
    expect(growthOf([...points((n) => n, [10, 100]), { n: 1_000, cost: Number.NaN }])).toBeNull();
    expect(growthOf(points((n) => n, [10, 10, 10]))).toBeNull();
  });
});
