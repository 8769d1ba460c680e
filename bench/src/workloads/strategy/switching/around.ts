import { median, percentile } from '../../../harness/stats.js';
import type { LoadReport } from './protocol.js';

/** A switch that was made, in `hostMs`. */
export interface Announcement {
  readonly at: number;
  readonly toGreen: boolean;
}

/** What a load met around its switches, and away from them. */
export interface Around {
  readonly queries: number;
  /** Queries that ended per second, away from switches and in the second around each. */
  readonly steadyRate: number;
  readonly aroundRate: number;
  readonly steadyP99Ms: number;
  readonly aroundP99Ms: number;
  /** Over the switches: from the announcement until a query was executed on the new deployment. */
  readonly firstNewMs: readonly number[];
}

/** Half of "the second around a switch". */
const HALF_MS = 500;

/** Looks at a load around its announcements. Queries are counted where they end. */
export function lookAround(load: LoadReport, announcements: readonly Announcement[]): Around {
  const { begunAt, endedAt } = load;
  const isAround = (at: number): boolean => announcements.some((one) => Math.abs(at - one.at) <= HALF_MS);
  const around: number[] = [];
  const steady: number[] = [];
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const [n, at] of endedAt.entries()) {
    const begun = begunAt[n] ?? Number.NaN;
    (isAround(at) ? around : steady).push(at - begun);
    first = Math.min(first, begun);
    last = Math.max(last, at);
  }
  const aroundMs = announcements.reduce(
    (sum, { at }) => sum + Math.min(at + HALF_MS, last) - Math.max(at - HALF_MS, first),
    0,
  );
  return {
    queries: endedAt.length,
    steadyRate: (steady.length / (last - first - aroundMs)) * 1000,
    aroundRate: (around.length / aroundMs) * 1000,
    steadyP99Ms: percentile(steady, 0.99),
    aroundP99Ms: percentile(around, 0.99),
    firstNewMs: announcements.map((one) => firstNew(load, one)),
  };
}

function firstNew({ executedAt, wasGreen }: LoadReport, { at, toGreen }: Announcement): number {
  let first = Number.POSITIVE_INFINITY;
  for (const [n, when] of executedAt.entries())
    if (when >= at && (wasGreen[n] === 1) === toGreen) first = Math.min(first, when);
  return first - at;
}

/** The median, and NaN where a switch was followed by no query at all. */
export function usualFirstNewMs({ firstNewMs }: Around): number {
  return firstNewMs.every(Number.isFinite) ? median(firstNewMs) : Number.NaN;
}
