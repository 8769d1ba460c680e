import type { QueryEnd } from './client/protocol.js';
import type { PhaseChange } from './engine-process.js';

/** The value below which this share of the values lies; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/**
 * Ms from each announcement to the first execution on the announced colour of a query that was prepared after it.
 * Announcements that were taken back before are left out.
 */
export function firstOnNewColour(phases: readonly PhaseChange[], queries: readonly QueryEnd[]): number[] {
  return phases.flatMap(({ phase, to, at }, n) => {
    if (phase !== 'announced') return [];
    const end =
      phases.slice(n + 1).find((later) => later.phase === 'announced')?.at ?? Number.POSITIVE_INFINITY;
    const first = queries
      .filter(({ strategy, prepared, executed }) => strategy === to && prepared > at && executed < end)
      .reduce((least, { executed }) => Math.min(least, executed), Number.POSITIVE_INFINITY);
    return first === Number.POSITIVE_INFINITY ? [] : [first - at];
  });
}

/** Durations in ms of the queries that were under way within `aroundMs` of an announcement, and of all others. */
export function durations(
  phases: readonly PhaseChange[],
  queries: readonly QueryEnd[],
  aroundMs: number,
): { readonly around: number[]; readonly steady: number[] } {
  const announced = phases.filter(({ phase }) => phase === 'announced');
  const isAround = ({ from, to }: QueryEnd): boolean =>
    announced.some(({ at }) => from < at + aroundMs && to > at - aroundMs);
  const taken = (some: readonly QueryEnd[]): number[] => some.map(({ from, to }) => to - from);
  return {
    around: taken(queries.filter(isAround)),
    steady: taken(queries.filter((query) => !isAround(query))),
  };
}
