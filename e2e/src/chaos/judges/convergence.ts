import type { History, Verdict } from '../history/history.js';

/** Ms in which all must be as wanted once nothing disturbs any more. */
const BOUND_MS = 60_000;

/** How long it took from the end of the last fault until all was as wanted. */
export function convergence({ facts: { convergedMs } }: History): Verdict {
  const holds = convergedMs !== null && convergedMs <= BOUND_MS;
  const figure = convergedMs === null ? 'never' : `${(convergedMs / 1_000).toFixed(1)} s`;
  return {
    name: 'time to converge',
    holds,
    figure,
    bound: `at most ${BOUND_MS / 1_000} s`,
    against: holds ? [] : [convergedMs === null ? 'it never was as wanted' : `it took ${figure}`],
  };
}
