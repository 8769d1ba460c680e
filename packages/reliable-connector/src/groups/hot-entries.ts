import type { HotEntry } from '../journal/records.js';
import type { SagaRun } from '../saga/saga-run.js';

/** HOT entries of a saga that ends (4.3): where a POST of `token` may still be alive. */
export function hotEntriesOf(run: SagaRun, token: number): readonly HotEntry[] {
  const { key } = run.saga;
  if (key === null) return [];
  return run.steps
    .filter((step) => step.mayBeAlive)
    .map((step) => ({ key, step: step.name, token, until: step.aliveUntil }));
}
