import type { HotEntry, SagaRecord, StepResult } from '../journal/records.js';
import type { Json } from '../json.js';
import type { NodeResult, Outcome } from '../outcome.js';
import type { SagaRun } from './saga-run.js';
import type { StepRun } from './step-run.js';

/** What was found out about one step, for good. */
export interface Verdict {
  /** The definition's own word for it: `applied`, `exists`, `removed` … */
  readonly label: string;
  /** The step holds what the saga wants there. */
  readonly ok: boolean;
  readonly status: number | null;
  /** In words, for people: why it was refused. */
  readonly detail?: string;
}

/** How a saga ends: COMMIT or COMPENSATED, with what the journal keeps of it. */
export interface Ending {
  readonly status: Exclude<Outcome['status'], 'in_doubt' | 'parked'>;
  readonly reason?: Outcome['reason'];
  readonly hint?: string;
  readonly catalog?: { readonly set: number } | { readonly deleteToken: number };
  readonly hot?: readonly HotEntry[];
  /** Leave no record of it: nothing was decided. */
  readonly forget?: boolean;
}

/** What to do once all forward work is at rest. */
export type Decision =
  | { readonly kind: 'end'; readonly ending: Ending }
  /** ABORT, then `backward`. `allocate`: with a fresh token (4.5 step 4). */
  | { readonly kind: 'abort'; readonly reason: string; readonly allocate: boolean; readonly memo?: Json }
  /** Nobody but an operator can tell. */
  | { readonly kind: 'park'; readonly step: string; readonly why: string };

/** What `prepare` found under the lock: go on to PLAN, or an end without one. */
export type Prepared =
  | { readonly kind: 'plan'; readonly memo: Json; readonly prior: number | null; readonly allocate: boolean }
  | { readonly kind: 'end'; readonly ending: Ending };

/**
 * One kind of saga. All its durable knowledge is in the record, so that another process can go on with it at any point.
 * Each method may throw `Halted`: forward work was stopped, the run goes on to `conclude`.
 */
export interface SagaDefinition {
  /** Stored in the journal: an adopter finds the definition by it. Never change it. */
  readonly name: string;
  /** Default: the engine's. */
  readonly fanOut?: 'parallel' | 'sequential';
  /** Reads under the lock, before PLAN; only for sagas begun `locked`. */
  prepare?(run: SagaRun): Promise<Prepared>;
  /** A read-only look at one step, on all steps that ask for it before the first `apply`; null: go on. */
  readonly survey?: {
    wanted(step: StepRun): boolean;
    look(step: StepRun): Promise<Verdict | null>;
  };
  /** Brings one step to a definite end. */
  apply(step: StepRun): Promise<Verdict>;
  /** Why to stop all forward work now; null: no reason yet. */
  stops(verdict: Verdict): string | null;
  /** All forward work is at rest, stopped for `reason` or with a verdict on every step (null). */
  conclude(run: SagaRun, reason: string | null): Decision;
  /** Undoes until nothing of the saga is left (or puts back what was), without end. */
  backward(run: SagaRun): Promise<Exclude<Decision, { readonly kind: 'abort' }>>;
  /** What the deadline means while undecided (4.4 step 6). */
  atDeadline(saga: SagaRecord): 'abort' | 'forward';
  /** Whether a cancel can still be obeyed after PLAN. */
  canTurnBack(saga: SagaRecord): boolean;
  /** What an adopter may conclude from a RESULT; null: ask again. */
  recall(result: StepResult, saga: SagaRecord): Verdict | null;
  /** One step for the caller's eyes. */
  describe(step: StepRun): NodeResult;
  /** Work that a take-over from a live owner needs before any other call (4.6). */
  takeOver?(run: SagaRun): Promise<void>;
}
