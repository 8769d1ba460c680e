/**
 * Orders keys by code point, which is the order of their UTF-8 bytes and so that of every journal; JavaScript's own
 * comparison goes by UTF-16 units and puts U+10000 before U+FFFD.
 */
export function compareKeys(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const a = one.charCodeAt(i);
    const b = other.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

/** Moves the surrogates behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
