import assert from 'node:assert/strict';
import { areas } from './areas.js';
import type { Runner } from './runner.js';
import { Tally } from './tally.js';
import type { Backend, ConformanceTarget } from './target.js';
import { Trial } from './trial.js';

/**
 * Declares the conformance suite for a driver: everything that coordination above it relies on, in executable form. A
 * driver conforms when every test passes; none is ever skipped. The last test sums up which of tooz's behaviours (`A1` to
 * `A84` at the beginning of a title) ran and passed, and fails unless all have.
 *
 * Takes about ten seconds. The store has to be fast enough that a lease of 100 ms can be taken and looked at.
 *
 * ```ts
 * conformance({ describe, it, afterAll }, {
 *   name: 'mine',
 *   driver: myDriver,
 *   open: async () => ({ url: 'mine://localhost', close: async () => {} }),
 *   report: (line) => process.stdout.write(`${line}\n`),
 * });
 * ```
 */
export function conformance(runner: Runner, target: ConformanceTarget): void {
  const tally = new Tally();
  let backend: Promise<Backend> | null = null;
  const opened = (): Promise<Backend> => {
    backend ??= target.open();
    return backend;
  };
  runner.describe(`conformance: ${target.name}`, () => {
    for (const [area, cases] of Object.entries(areas))
      runner.describe(area, () => {
        for (const [title, test] of Object.entries(cases))
          runner.it(title, () => tally.run(title, async () => new Trial(target, await opened()).run(test)));
      });
    runner.it('shows every behaviour A 1-84', async () => {
      const summary = tally.summary(target.name);
      target.report?.(summary);
      assert.ok(tally.complete, summary);
    });
    runner.afterAll(async () => (await backend)?.close());
  });
}
