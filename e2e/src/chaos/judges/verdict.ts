import type { Verdict } from '../history/history.js';

/** Most examples of what speaks against a run; the figure tells how many there are. */
export const MOST_EXAMPLES = 5;

/** The verdict that holds where nothing, in words, speaks against it. */
export function none(name: string, against: readonly string[]): Verdict {
  return {
    name,
    holds: against.length === 0,
    figure: String(against.length),
    bound: '0',
    against: examples(against),
  };
}

/** The first of them. */
export const examples = (against: readonly string[]): readonly string[] => against.slice(0, MOST_EXAMPLES);

/** A moment of the run, `12.345 s`. */
export const time = (atMs: number): string => `${(atMs / 1_000).toFixed(3)} s`;

/** Names between commas, the first few of them. */
export function listed(names: readonly string[]): string {
  const rest = names.length - MOST_EXAMPLES;
  return names.slice(0, MOST_EXAMPLES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
