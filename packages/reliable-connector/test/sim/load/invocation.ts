import type { Outcome } from '../../../src/outcome.js';
import type { SimProcess } from '../world/sim-process.js';

/** One call of a user and what became of it. */
export interface Invocation {
  readonly order: number;
  readonly op: 'create' | 'delete';
  readonly groupId: string;
  /** A delete of any version. */
  readonly force: boolean;
  readonly process: SimProcess;
  readonly invokedAt: number;
  /** What the process had spent stopped by then. */
  readonly stoppedMsBefore: number;
  readonly deadlineMs: number;
  readonly idempotencyKey: string | null;
  /** What S9 compares: operation, group, policy. */
  readonly args: string;
  /** Null until the promise settles; for ever when the process died first. */
  answeredAt: number | null;
  outcome: Outcome | null;
  error: Error | null;
  /** When the last word was told, and the word: at once, or by `settled`. */
  lastAt: number | null;
  last: Outcome | null;
}

/** `committed`, `rejected(exists)`, `in_doubt(forward)` … */
export function outcomeText(outcome: Outcome): string {
  const more = outcome.status === 'in_doubt' ? outcome.direction : outcome.reason;
  return more === undefined ? outcome.status : `${outcome.status}(${more})`;
}
