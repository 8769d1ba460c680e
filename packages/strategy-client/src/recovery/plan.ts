/**
 * What is done about each failure of one RPC: a row of the table in engine-wire 4b. A mismatch, and a loss before the call
 * was sent, are always safe to repeat; what differs is where to go, and what a loss after sending means.
 */
export interface RetryPlan {
  readonly rpc: string;
  /** After 456. `reroute`: the same call on the other deployment. The others end the call, and its caller decides. */
  readonly onMismatch: 'reroute' | 'reprepare' | 'gone' | 'done';
  /** After `Access denied`: a new session on the same deployment, as often as attempts allow or once. */
  readonly onDenied: 'renew' | 'renew-once';
  /** After a loss that may have come after it took effect. */
  readonly onLost: 'retry' | 'fail';
  /** When the query is not there. */
  readonly onNotFound: 'fail' | 'reprepare' | 'gone' | 'done';
  /** Whether a suspended cluster is woken for it. Default true. */
  readonly wakes?: boolean;
}

/** How a call ended that did not fail. */
export type CallOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** The query has to be prepared again, maybe elsewhere: it was not executed. */
  | { readonly kind: 'reprepare'; readonly cause: unknown }
  /** The deployment, and the query with it, is gone. */
  | { readonly kind: 'gone'; readonly cause: unknown }
  /** It was sent and the answer is missing. */
  | { readonly kind: 'lost'; readonly cause: unknown }
  /** There is nothing left to do. */
  | { readonly kind: 'done'; readonly cause: unknown };
