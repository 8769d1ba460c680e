import { createHash } from 'node:crypto';

/** A source of chance: each call gives a number in [0, 1). */
export type Random = () => number;

const TWO_TO_32 = 2 ** 32;
/** The odd constant nearest to 2^32 divided by the golden ratio: a Weyl sequence that visits every state. */
const WEYL_STEP = 0x9e3779b9;

/**
 * A seeded die. The same seed and label give the same throws on every machine; the label keeps the die of the faults
 * apart from that of the ids.
 *
 * Not fit for secrets.
 */
export function seededRandom(seed: string, label: string): Random {
  let state = createHash('sha256').update(`${seed}\0${label}`).digest().readUInt32LE(0);
  return () => {
    state = (state + WEYL_STEP) >>> 0;
    // The finaliser of MurmurHash3 spreads the counter over all 32 bits.
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / TWO_TO_32;
  };
}
