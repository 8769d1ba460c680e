/** How long something is put off: evenly spread between the two bounds, in ms. */
export interface DelayFault {
  /** Chance of the fault for one request, 0 to 1. */
  readonly rate: number;
  /** Shortest delay in ms, 0 to 600,000. */
  readonly minMs: number;
  /** Longest delay in ms, from `minMs` to 600,000. */
  readonly maxMs: number;
}

/** A write that arrives after its client has given up. */
export interface LateFault extends DelayFault {
  /**
   * Whether the connection is reset at once (default true). False leaves the client waiting, until it gives up by
   * itself or the write has been applied, whichever is first; then the connection is reset.
   */
  readonly reset?: boolean;
}

/**
 * What may happen to one request on `/group`. Each rate is a chance from 0 to 1; what is left out does not happen.
 *
 * `delay` and `repeatDelete` are thrown for on their own. Of the others at most one strikes a request, tried in the
 * order of this interface, so that `errorBefore` strikes with exactly its rate.
 */
export interface FaultRates {
  /** The answer, and with it the work, waits. */
  readonly delay?: DelayFault;
  /** Own error (500 or 408, evenly) instead of any work; the origin's RANDOM_BEHAVIOR. */
  readonly errorBefore?: number;
  /** No work and no answer, until the client or the simulator closes the connection. */
  readonly hang?: number;
  /** The client sees a lost connection, the write is applied after a delay. A GET just loses its connection. */
  readonly late?: LateFault;
  /** The work is done, then the connection is reset. */
  readonly lostReply?: number;
  /** The work is done, then the answer is an own error (500 or 408, evenly). */
  readonly errorAfter?: number;
  /** Breaks `ownErrorsAreFinal` (4.2): the answer is an own error, the write is applied after a delay. */
  readonly errorThenWrite?: DelayFault;
  /** Breaks "at most once" (4.9): a DELETE is answered as usual and applied a second time after a delay. */
  readonly repeatDelete?: DelayFault;
}

/** The verbs of `/group` that can be set apart. */
export const FAULT_VERBS = ['POST', 'GET', 'DELETE'] as const;

/** A verb of `/group`. */
export type FaultVerb = (typeof FAULT_VERBS)[number];

/** Rates with exceptions by verb. */
export interface FaultScope extends FaultRates {
  readonly verbs?: Readonly<Partial<Record<FaultVerb, FaultRates>>>;
}

/** Faults of one node. */
export interface NodeFaults extends FaultScope {
  /** True: the node answers nothing; every connection to it is reset (default false). */
  readonly down?: boolean;
}

/**
 * The faults of the whole cluster. A setting of a node's verb wins over that of the node, that over the cluster's
 * verb, and that over the cluster's own: each fault on its own, so an exception names only what differs.
 */
export interface FaultPlan extends FaultScope {
  readonly nodes?: Readonly<Record<string, NodeFaults>>;
}

/** The plan under which nothing goes wrong. */
export const NO_FAULTS: FaultPlan = Object.freeze({});

/** The rates that hold for one verb of one node; see `FaultPlan` for what wins. */
export function ratesFor(plan: FaultPlan, node: string | undefined, verb: FaultVerb): FaultRates {
  const own = node === undefined ? undefined : plan.nodes?.[node];
  const { verbs: _verbs, nodes: _nodes, ...cluster } = plan;
  const { verbs: _nodeVerbs, down: _down, ...ofNode } = own ?? {};
  return { ...cluster, ...plan.verbs?.[verb], ...ofNode, ...own?.verbs?.[verb] };
}
