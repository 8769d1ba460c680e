/** Nesting that is read and written: the deepest that Python's msgpack writes, and a bound for values that hold themselves. */
export const MAX_DEPTH = 511;

/** Bytes that are written for one member. Every member of a group reads them, and a store keeps them in memory. */
export const MAX_BYTES: number = 2 ** 20;
