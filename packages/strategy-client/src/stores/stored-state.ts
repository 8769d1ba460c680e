import { StrategyClientError } from '../errors.js';
import { inRange } from '../in-range.js';
import { isValidStrategy } from '../strategy.js';
import type { StoredStrategy, StoreReading } from './strategy-store.js';

/** Bits that a time takes where it is packed; they last until the year 2527. */
export const TIME_BITS = 44;
const LATEST = 2 ** TIME_BITS - 1;

/** What a store reads before anybody has written. */
export const EMPTY: StoreReading = Object.freeze({
  version: '',
  state: Object.freeze({ strategy: null, lastCheckTime: 0 }),
});

/** A copy of a caller's state that nobody changes, its time in whole ms. Throws `INVALID_ARGUMENT` for what is no state. */
export function storedState(state: StoredStrategy): StoredStrategy {
  const { strategy } = state;
  if (strategy !== null && !isValidStrategy(strategy))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `a state's strategy is ${JSON.stringify(strategy)}; give blue, green or null`,
    );
  const lastCheckTime = inRange("a state's lastCheckTime", Math.floor(state.lastCheckTime), 0, LATEST);
  return Object.freeze({ strategy, lastCheckTime });
}
