import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tooling/longest-first.js';

const ssr = { resolve: { conditions: ['@holdfast/source', 'module', 'node', 'development|production'] } };

/** Before the first file. Each project has to name it; whoever comes second finds all done. */
const COMPILE = './tooling/from-source/compile-before.ts';

/** Tests wait for servers more than they compute, so one file more than the two cores of CI. */
const maxWorkers = 3;

/**
 * Three tiers. `sim` is the simulations and mutation checks, `unit` is what is short; both stand in one queue, so that what
 * computes runs beside what waits. `e2e` starts real processes and kills them, afterwards, and two files at a time: each
 * file has several processes.
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
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.sim.test.ts'],
          testTimeout: 60_000,
          globalSetup: [COMPILE],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ssr,
        test: {
          name: 'sim',
          include: ['packages/*/test/**/*.sim.test.ts'],
          testTimeout: 300_000,
          globalSetup: [COMPILE],
          maxWorkers,
          sequence: { groupOrder: 0 },
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
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
