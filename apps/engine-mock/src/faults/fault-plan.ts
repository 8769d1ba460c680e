import type { Colour } from '../colour.js';

/** Before a call reaches its deployment, or after the deployment has carried it out. */
export type FaultMoment = 'before' | 'after';

/** What can happen to a call. */
export type Fault =
  /** The call, or its answer, waits. Adds up with what other rules do. */
  | { readonly kind: 'delay'; readonly when?: FaultMoment; readonly delayMs: number }
  /** No answer until the client gives up, or for `maxMs` (default 600,000), after which the stream is reset. */
  | { readonly kind: 'hang'; readonly when?: FaultMoment; readonly maxMs?: number }
  /** The stream is reset (RST_STREAM, INTERNAL_ERROR). */
  | { readonly kind: 'reset'; readonly when?: FaultMoment }
  /** The client's whole connection is reset, with all its other calls. */
  | { readonly kind: 'kill'; readonly when?: FaultMoment }
  /** The answer is this gRPC status. */
  | { readonly kind: 'status'; readonly when?: FaultMoment; readonly code: number; readonly message?: string }
  /** The answer is a bare HTTP status, as from a proxy. */
  | { readonly kind: 'http'; readonly when?: FaultMoment; readonly status: number }
  /** The batch lacks its second half. Strikes getNextResultBatch only, and only a batch that has rows. */
  | { readonly kind: 'truncate' };

export type FaultKind = Fault['kind'];

/** Which calls a fault strikes, and how often. `when` is `before` unless it says otherwise. */
export interface FaultScope {
  /** Name of the call, such as `executeStatement` or `ClusterService/status` (default: every call). */
  readonly rpc?: string;
  /** Deployment that serves the call (default: both). Calls of the cluster service have none. */
  readonly colour?: Colour;
  /** Chance of each call, 0 to 1 (default 1). */
  readonly rate?: number;
  /** Number of calls to strike; then the rule is over (default: no end). */
  readonly times?: number;
}

export type FaultRule = Fault & FaultScope;

/**
 * Rules are tried in their order. Delays add up; of everything else the first that strikes is what happens. Calls that
 * the router refuses (456, 503) meet no faults.
 */
export type FaultPlan = readonly FaultRule[];
