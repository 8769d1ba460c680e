import { defineConfig } from 'vitest/config';

const ssr = { resolve: { conditions: ['@holdfast/source', 'module', 'node', 'development|production'] } };

/**
 * Three tiers, one after the other. `unit` waits for servers more than it computes, so more files than cores run at a
 * time; `sim` is the simulations and mutation checks, which want a core each; `e2e` starts real processes and kills them.
 */
export default defineConfig({
  ssr,
  test: {
    reporters: ['default', './tooling/closing-line-reporter.ts'],
    projects: [
      {
        ssr,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.sim.test.ts'],
          testTimeout: 30_000,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ssr,
        test: {
          name: 'sim',
          include: ['packages/*/test/**/*.sim.test.ts'],
          testTimeout: 300_000,
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
          globalSetup: ['./e2e/src/build-once.ts'],
          // One file at a time: each ends with a look at the ports that it used, which others must not have taken.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
