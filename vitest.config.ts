import { defineConfig } from 'vitest/config';

const ssr = { resolve: { conditions: ['@holdfast/source', 'module', 'node', 'development|production'] } };

/**
 * Three tiers. `unit` runs files in parallel; `sim` is the simulation and its mutation check, which want a core each;
 * `e2e` starts real processes and kills them, one file at a time.
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
        },
      },
      {
        ssr,
        test: { name: 'sim', include: ['packages/*/test/**/*.sim.test.ts'], testTimeout: 300_000 },
      },
      {
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/test/**/*.test.ts', 'docs/test/**/*.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
