import { describe, expect, it } from 'vitest';
import { runSeed, type SeedResult } from './run-seed.js';

const SEEDS = 2_000;
const REPLAY =
  'node --import tsx --conditions=@holdfast/source packages/strategy-client/test/sim/main.ts --seed';
/** What a range of worlds has to show at least so often, or the simulation has lost its teeth. */
const LEAST: Readonly<Record<string, number>> = {
  ok: 4_000,
  LostAfterSend: 40,
  DeploymentGoneError: 30,
  AuthenticationError: 100,
  Error: 100,
  switches: 1_500,
  '456': 500,
  resumes: 100,
};

describe('the simulation of the switch', () => {
  it(`keeps every rule of the model in ${SEEDS} seeded worlds`, async () => {
    const seen = new Map<string, number>();
    const broken: string[] = [];
    const count = (what: string, by = 1): void => void seen.set(what, (seen.get(what) ?? 0) + by);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await runSeed(seed);
      const [first] = result.violations;
      if (first !== undefined) broken.push(`${first.text} (${REPLAY} ${seed})`);
      tally(result, count);
    }
    const figures = Object.fromEntries([...seen].sort(([one], [other]) => one.localeCompare(other)));
    process.stdout.write(`strategy simulation, ${SEEDS} seeds: ${JSON.stringify(figures)}\n`);
    expect(broken).toEqual([]);
    for (const [what, least] of Object.entries(LEAST))
      expect(seen.get(what) ?? 0, what).toBeGreaterThanOrEqual(least);
  });

  it('replays a seed step by step', async () => {
    for (const seed of [7, 77, 777]) {
      const [one, other] = [await runSeed(seed), await runSeed(seed)];
      expect(one.trace).toEqual(other.trace);
    }
  });
});

function tally(
  { outcomes, trace, authentications, switches }: SeedResult,
  count: (what: string, by?: number) => void,
): void {
  for (const outcome of outcomes) count(outcome);
  count('steps', trace.length);
  count('authentications', authentications);
  count('switches', switches);
  count('resumes', trace.filter((line) => line === 'cluster resume: ok').length);
  count('456', trace.filter((line) => line.endsWith(': 456')).length);
}
