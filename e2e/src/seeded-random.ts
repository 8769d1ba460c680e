import { randomInt } from 'node:crypto';

/** Numbers from 0 up to, not including, 1. */
export type Random = () => number;

/**
 * The seed of a run: `HOLDFAST_E2E_SEED`, or one that is drawn. Tests print it, so that a run can be repeated with the
 * same choices; what the processes then make of them is up to the operating system.
 */
export function chooseSeed(): number {
  const given = process.env['HOLDFAST_E2E_SEED'];
  if (given === undefined) return randomInt(2 ** 32);
  const seed = Number(given);
  if (/^\d+$/.test(given) && seed < 2 ** 32) return seed;
  throw new RangeError(`HOLDFAST_E2E_SEED is "${given}"; give a whole number from 0 to ${2 ** 32 - 1}`);
}

/** Repeatable chance (mulberry32): the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in another order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
