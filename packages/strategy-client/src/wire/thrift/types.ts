/** The types of Thrift's binary protocol that this format uses. */
export const STOP = 0;
export const BOOL = 2;
export const I8 = 3;
export const DOUBLE = 4;
export const I32 = 8;
export const I64 = 10;
/** Text and bytes alike. */
export const STRING = 11;
export const STRUCT = 12;
export const MAP = 13;
export const SET = 14;
export const LIST = 15;

/** Bytes of each type whose values all have the same length. */
export const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [BOOL, 1],
  [I8, 1],
  [DOUBLE, 8],
  [6, 2],
  [I32, 4],
  [I64, 8],
  [16, 16],
]);
