import { endianness } from 'node:os';

/** Where the upper and the lower half of a 64-bit integer lie among its two 32-bit words. */
const [UPPER, LOWER] = endianness() === 'LE' ? [1, 0] : [0, 1];

/**
 * The places of digests, which lie one behind the other, `width` bytes each, in the order of the digests; of equal ones
 * only the last place.
 *
 * Sorts 64-bit integers, each the first 32 bits of a digest and its place, which the runtime does without calling back:
 * 320,000 take about 25 ms. Those with the same first bits, a dozen or so, are then put in order by whole digests.
 */
export function sortedPlaces(digests: Buffer, width: number): Uint32Array {
  const keys = new BigUint64Array(digests.length / width);
  const words = new Uint32Array(keys.buffer);
  for (let place = 0; place < keys.length; place++) {
    words[2 * place + UPPER] = digests.readUInt32BE(place * width);
    words[2 * place + LOWER] = place;
  }
  keys.sort();
  const sorted = new Uint32Array(keys.length);
  let length = 0;
  for (let from = 0; from < keys.length; ) {
    let to = from + 1;
    while (to < keys.length && words[2 * to + UPPER] === words[2 * from + UPPER]) to++;
    if (to === from + 1) sorted[length++] = words[2 * from + LOWER] ?? 0;
    else
      for (const place of distinct(words.subarray(2 * from, 2 * to), digests, width))
        sorted[length++] = place;
    from = to;
  }
  return sorted.subarray(0, length);
}

/** The places of some keys, in the order of their whole digests; of equal ones only the last. */
function distinct(keys: Uint32Array, digests: Buffer, width: number): number[] {
  const at = (place: number): Buffer => digests.subarray(place * width, (place + 1) * width);
  const places = [...keys].filter((_, word) => word % 2 === LOWER);
  const sorted = places.toSorted((a, b) => at(a).compare(at(b)) || a - b);
  return sorted.filter((place, i) => {
    const next = sorted[i + 1];
    return next === undefined || !at(place).equals(at(next));
  });
}
