import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tooling/longest-first.js';

const ssr = { resolve: { conditions: ['@holdfast/source', 'module', 'node', 'development|production'] } };

/** Before the first file. Each project has to name it; whoever comes second finds all done. */
const COMPILE = './tooling/from-source/compile-before.ts';

const UNIT = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'];
const ALONE = ['packages/*/test/**/*.alone.test.ts', 'apps/*/test/**/*.alone.test.ts'];
const UNIT_TIER = {
  testTimeout: 60_000,
  globalSetup: [COMPILE],
  maxWorkers: 3,
  sequence: { groupOrder: 0 },
};
const SIM = ['packages/*/test/**/*.sim.test.ts'];

/**
 * Three tiers, one after the other, the long files of each first. `unit` waits for servers more than it computes, so more
 * files than the two cores of CI run at a time; they share processes, since loading what they test costs half of what
 * testing it does, except for those `alone`, which measure their process or replace a module. `sim` is the simulations and
 * mutation checks, which want a core each; `e2e` starts real processes and kills them, several of each file.
 */
export default defineConfig({
  ssr,
  test: {
    reporters: ['default', './tooling/closing-line-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ssr,
        test: {
          name: 'unit',
          include: UNIT,
          exclude: ['**/node_modules/**', ...ALONE, ...SIM],
          isolate: false,
          ...UNIT_TIER,
        },
      },
      {
        ssr,
        test: {
          name: 'alone',
          include: ALONE,
          ...UNIT_TIER,
        },
      },
      {
        ssr,
        test: {
          name: 'sim',
          include: SIM,
          testTimeout: 300_000,
          globalSetup: [COMPILE],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/test/**/*.test.ts', 'docs/test/**/*.test.ts'],
          testTimeout: 300_000,
          // What is stale is built before the first file, whichever that is.
          globalSetup: [COMPILE, './e2e/src/build-once.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
