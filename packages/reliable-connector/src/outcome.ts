/** Why a saga was rejected (4.9). `busy` and `unavailable` may be retried; nothing of the saga remains in any case. */
export type RejectReason =
  | 'exists'
  | 'refused'
  | 'not_found'
  | 'conflict'
  | 'unknown_version'
  | 'busy'
  | 'unavailable';

/** Why a saga ended as it did; the last ones go with `compensated`. Sagas of others may have words of their own. */
export type OutcomeReason = RejectReason | 'deadline' | 'cancelled' | 'burnt' | 'too_old';

/** What is known of one node. */
export interface NodeResult {
  /**
   * `applied`: holds what the saga wanted there. `undone`: holds nothing of the saga. `foreign`: somebody else's record
   * is there. `refused`: the node declined. `untouched`: nothing was sent. `pending`: not known yet.
   */
  readonly state: 'applied' | 'undone' | 'foreign' | 'refused' | 'untouched' | 'pending';
  /** HTTP status of the last answer; null without one. */
  readonly status: number | null;
  readonly attempts: number;
  /** In words, for people. */
  readonly detail?: string;
}

/** How a saga stands or ended (4.9). */
export interface Outcome {
  /**
   * `committed`: done on all nodes. `rejected`: definite, nothing of it remains. `compensated`: deadline or cancel, all
   * undone. `in_doubt`: decided and durable but not finished, `settled` tells the end. `parked`: needs an operator or a node.
   */
  readonly status: 'committed' | 'rejected' | 'compensated' | 'in_doubt' | 'parked';
  /** null only for a rejection before anything was written down (`busy`, `unavailable`). */
  readonly sagaId: number | null;
  readonly reason?: OutcomeReason;
  /** Only `in_doubt`: where it is going. Absent when a call joined a saga by its idempotency key and that is not decided yet. */
  readonly direction?: 'forward' | 'abort';
  readonly nodes: Readonly<Record<string, NodeResult>>;
  /** What to do next, where there is something to do. */
  readonly hint?: string;
  /**
   * Where something is still to be done (`in_doubt`; `committed` with a DELETE to repeat): resolves with the last word.
   * Rejects with `CLOSED`, `DEPOSED` or `JOURNAL_STOPPED` when this connector cannot tell it any more. Never unhandled.
   */
  readonly settled?: Promise<Outcome>;
}

/** One item of a bulk call. A call that failed by itself (a poisoned id) has `error` and no outcome. */
export type ItemOutcome =
  | { readonly groupId: string; readonly outcome: Outcome; readonly error?: undefined }
  | { readonly groupId: string; readonly outcome?: undefined; readonly error: Error };
