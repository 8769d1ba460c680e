import { median, percentile } from '../../../harness/stats.js';
import type { SliceReport } from './protocol.js';

/** One creator's slice of one round. */
export interface Judged {
  readonly creates: number;
  /** Creates/s that the caller was told to be on all nodes. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUsPerCreate: number;
  /** Share of the creates, 0 to 1. */
  readonly success: number;
  /** Ids that are on some nodes but not on all, when everything has come to rest. */
  readonly divergent: number;
  /** Ids of which the caller was told the contrary of what the nodes hold. */
  readonly untrue: number;
}

/** Holds what callers were told against the nodes. `holders`: on how many nodes each id is. */
export function judgeSlice(
  { told, latenciesMs, cpuUs }: SliceReport,
  o: {
    readonly callers: number;
    readonly nodes: number;
    readonly prefix: string;
    readonly holders: ReadonlyMap<string, number>;
  },
): Judged {
  const creates = told.length;
  let created = 0;
  let divergent = 0;
  let untrue = 0;
  for (const [n, word] of told.entries()) {
    const on = o.holders.get(`${o.prefix}${n + 1}`) ?? 0;
    if (word === 'created') created += 1;
    if (on > 0 && on < o.nodes) divergent += 1;
    if (word === 'created' ? on < o.nodes : word === 'failed' && on > 0) untrue += 1;
  }
  // All creates that were begun ran to their end, so a caller's pace is one create per mean latency.
  const meanMs = latenciesMs.reduce((sum, one) => sum + one, 0) / creates;
  return {
    creates,
    perSecond: ((o.callers * 1000) / meanMs) * (created / creates),
    p50Ms: median(latenciesMs),
    p99Ms: percentile(latenciesMs, 0.99),
    cpuUsPerCreate: cpuUs / creates,
    success: created / creates,
    divergent,
    untrue,
  };
}
