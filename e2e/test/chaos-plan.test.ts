import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../src/chaos/history/event.js';
import type { Coordination } from '../src/chaos/history/history.js';
import { MARGIN_MS } from '../src/chaos/plan/occupied.js';
import { type PlanOptions, planFaults } from '../src/chaos/plan/plan.js';
import type { PlannedFault } from '../src/chaos/plan/planned-fault.js';
import { MAX_SERVER_LAG_MS, MOST_HELD_MS } from '../src/chaos/setting.js';

const options: fc.Arbitrary<PlanOptions> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  seconds: fc.integer({ min: 5, max: 400 }),
  coordination: fc.constantFrom<Coordination>('sqlite', 'redis'),
});

const endOf = ({ atMs, lengthMs }: PlannedFault): number => atMs + lengthMs;
const nodeOf = (fault: PlannedFault): string | null => ('node' in fault ? fault.node : null);

describe('the plan of a chaos run', () => {
  test('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(options, (o) => {
        expect(planFaults(o)).toEqual(planFaults(o));
      }),
    );
    const [one, other] = [1, 2].map((seed) => planFaults({ seed, seconds: 60, coordination: 'sqlite' }));
    expect(one).not.toEqual(other);
  });

  test('begins nothing in the last tenth, numbers what it begins, and takes no node away for long', () => {
    fc.assert(
      fc.property(options, (o) => {
        const faults = planFaults(o);
        expect(faults.map(({ n }) => n)).toEqual(faults.map((_, at) => at + 1));
        expect(Math.max(...faults.map(({ atMs }) => atMs))).toBeLessThan(o.seconds * 900);
        expect(Math.max(...faults.map(({ lengthMs }) => lengthMs))).toBeLessThanOrEqual(MOST_HELD_MS);
      }),
    );
  });

  test('holds no request for longer than the workers are told that one can live', () => {
    fc.assert(
      fc.property(options, (o) => {
        const stalls = planFaults(o).filter(({ fault }) => fault === 'node-stall');
        expect(stalls.filter(({ lengthMs }) => lengthMs > MOST_HELD_MS)).toEqual([]);
      }),
    );
    expect(MOST_HELD_MS).toBeLessThan(MAX_SERVER_LAG_MS);
  });

  test('strikes a node with one fault at a time, and empties it when nothing can be on its way to it', () => {
    fc.assert(
      fc.property(options, (o) => {
        const faults = planFaults(o).filter((fault) => nodeOf(fault) !== null);
        const tooSoon = faults.flatMap((fault, at) => {
          const next = faults.slice(at + 1).find((other) => nodeOf(other) === nodeOf(fault));
          if (next === undefined) return [];
          const isLoss = fault.fault === 'node-empty' || next.fault === 'node-empty';
          return next.atMs < endOf(fault) + (isLoss ? MARGIN_MS : 0) ? [[fault, next]] : [];
        });
        expect(tooSoon).toEqual([]);
      }),
    );
  });

  test.each<[Coordination, readonly string[]]>([
    ['redis', FAULTS],
    ['sqlite', FAULTS.filter((name) => name !== 'redis-restart')],
  ])('of two minutes on %s has every fault in it', (coordination, expected) => {
    fc.assert(
      fc.property(options, ({ seed }) => {
        const names = new Set(planFaults({ seed, seconds: 120, coordination }).map(({ fault }) => fault));
        expect([...names].toSorted()).toEqual([...expected].toSorted());
      }),
    );
  });
});
