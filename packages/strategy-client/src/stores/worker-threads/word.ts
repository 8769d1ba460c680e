import type { Strategy } from '../../strategy.js';
import { EMPTY, TIME_BITS } from '../stored-state.js';
import type { StoredStrategy, StoreReading } from '../strategy-store.js';

const TIME_MASK = (1n << BigInt(TIME_BITS)) - 1n;
const STRATEGY_SHIFT = BigInt(TIME_BITS);
const COUNT_SHIFT = STRATEGY_SHIFT + 2n;
const LAST_COUNT = (1n << (64n - COUNT_SHIFT)) - 1n;

/** By their two bits. */
const CODES: readonly (Strategy | null)[] = [null, 'blue', 'green'];

/**
 * The word that follows `word` and holds `state`: from the lowest bit 44 of the time, 2 of the strategy and 18 that count
 * writes. Never 0, which is the word of a key that nobody has written. The count begins again after 262,143 writes: a
 * version would be taken for an older one only if as many came in between, and the last of them had its state and time.
 */
export function nextWord(word: bigint, state: StoredStrategy): bigint {
  const before = word >> COUNT_SHIFT;
  const count = before === LAST_COUNT ? 1n : before + 1n;
  const code = BigInt(CODES.indexOf(state.strategy));
  return (count << COUNT_SHIFT) | (code << STRATEGY_SHIFT) | BigInt(state.lastCheckTime);
}

export function readingOf(word: bigint): StoreReading {
  if (word === 0n) return EMPTY;
  return {
    version: word.toString(36),
    state: {
      strategy: CODES[Number((word >> STRATEGY_SHIFT) & 3n)] ?? null,
      lastCheckTime: Number(word & TIME_MASK),
    },
  };
}
