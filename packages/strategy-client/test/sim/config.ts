import type { Strategy } from '../../src/strategy.js';

/** What the operator of the engine does, in this order, each at any time. */
export type OperatorStep = 'announce' | 'cutover' | 'off' | 'back';

/** What can happen to a message. */
export type FaultKind =
  | 'before send'
  | 'request lost'
  | 'reply lost'
  | 'late'
  | 'expire'
  | 'idle'
  | 'suspend';

/** The faults that lose a message. */
export const LOSSES: readonly FaultKind[] = ['before send', 'request lost', 'reply lost', 'late'];

/** One query of a user. */
export interface QueryConfig {
  readonly idempotent: boolean;
  /** Rows of its result, each in a batch of its own. */
  readonly rows: number;
  /** Its user may cancel it at any time. */
  readonly cancellable?: boolean;
}

/** The bounds of a run: everything within them may happen. */
export interface SimConfig {
  readonly script: readonly OperatorStep[];
  /** The deployment that is active at first. Clients guess blue. */
  readonly active: Strategy;
  /** An announced deployment answers 456 until the cut-over. */
  readonly early: boolean;
  /** Every deployment accepts every session. */
  readonly lenient: boolean;
  /** A drain ends also while queries run. */
  readonly shortDrain: boolean;
  /** Deployments that refuse the password. */
  readonly wrong: readonly Strategy[];
  readonly queries: readonly QueryConfig[];
  /** Queries are dealt out to so many processes, which share a store. */
  readonly processes: number;
  /** So many faults at most, of these kinds. */
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
}

/** Two queries of one batch each in a world where nothing happens. */
export const QUIET: SimConfig = {
  script: [],
  active: 'blue',
  early: false,
  lenient: false,
  shortDrain: false,
  wrong: [],
  queries: [
    { idempotent: false, rows: 1 },
    { idempotent: false, rows: 1 },
  ],
  processes: 1,
  faults: 0,
  kinds: [],
};
