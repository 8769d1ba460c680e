/** The two deployments of a blue/green cluster. */
export type Strategy = 'blue' | 'green';

/** Both, in the order in which a first detection tries them. */
export const STRATEGIES: readonly Strategy[] = ['blue', 'green'];

/** The deployment that `strategy` is not. */
export const otherStrategy = (strategy: Strategy): Strategy => (strategy === 'blue' ? 'green' : 'blue');

/** A strategy in any case of letters, in lower case; null for everything else (`'GREEN '` with a space included). */
export function parseStrategy(value: unknown): Strategy | null {
  if (typeof value !== 'string') return null;
  const lower = value.toLowerCase();
  return lower === 'blue' || lower === 'green' ? lower : null;
}

/** Whether `value` names a strategy; the case of letters does not matter. */
export const isValidStrategy = (value: unknown): value is Strategy => parseStrategy(value) !== null;
