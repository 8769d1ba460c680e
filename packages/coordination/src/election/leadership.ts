/** One term of office, as the work that is done under it sees it. */
export interface Leadership {
  /** The term: a fencing token, above that of every earlier leader. Give it to every store that the work writes to. */
  readonly term: bigint;
  /**
   * Aborts when the term is over or is to end: the lease was lost (`LEASE_LOST`), or the leader was asked to hand over
   * (`STANDING_DOWN`). `aborted` is worked out when it is read.
   */
  readonly signal: AbortSignal;
}

export interface LeadOptions {
  /** Ends the candidacy, rejecting with its reason; once elected, aborts the leadership's signal. */
  readonly signal?: AbortSignal;
  /** Give up standing after this many ms, rejecting with `OperationTimedOut`. Default: wait without end. */
  readonly timeoutMs?: number;
  /**
   * How long the work may take to settle after its signal has aborted, ms. Then the lease is neither released nor renewed,
   * so that the successor comes when it has run out. Default: the coordinator's `handOverTimeoutMs`.
   */
  readonly handOverTimeoutMs?: number;
}

/** How own terms begin and end; each `elected` is followed by one of the others. */
export type OwnTermEvent =
  | { readonly type: 'elected'; readonly term: bigint }
  /** `settled`: whether all work had settled before the lease was given up. */
  | { readonly type: 'resigned'; readonly term: bigint; readonly settled: boolean }
  | { readonly type: 'lost'; readonly term: bigint };
