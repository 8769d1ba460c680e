import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Action, TTL_MS, World } from './world.js';

const who = fc.integer({ min: 0, max: 2 });
const by = <const Do extends string>(...what: Do[]): fc.Arbitrary<{ do: Do; who: number }> =>
  fc.record({ do: fc.constantFrom(...what), who });
const ms = fc.constantFrom(1, 500, 3_000, 4_000, TTL_MS - 200, TTL_MS);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: by('lead') },
  { weight: 4, arbitrary: by('settle', 'stand down', 'ask', 'elect') },
  { weight: 2, arbitrary: by('abort', 'stop', 'cut', 'mend') },
  { weight: 3, arbitrary: by('start') },
  { weight: 2, arbitrary: fc.constant({ do: 'depose' } as const) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('pass' as const, 'block' as const), ms }) },
);

it('B18: at most one unexpired term, terms that increase, and one end for each', async () => {
  let terms = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 40, size: 'max' }), async (actions) => {
      const world = new World();
      await world.open();
      for (const one of actions) await world.run(one);
      await world.close();
      terms += world.terms;
      expect(world.violations).toEqual([]);
    }),
    { numRuns: 100, seed: 18 },
  );
  expect(terms, 'and not for lack of leaders').toBeGreaterThan(200);
});
