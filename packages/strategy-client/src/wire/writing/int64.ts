import { isInt64 } from '../int64.js';
import type { Value } from '../types.js';

const DECIMAL_INTEGER = /^-?\d{1,19}$/;

/** A whole number of 64 bits, however it is given, or `undefined`. */
export function acceptInt64(value: Value): bigint | undefined {
  const whole = wholeNumber(value);
  return whole !== undefined && isInt64(whole) ? whole : undefined;
}

/** A whole number, however it is given, or `undefined`. A number that is not a safe integer may be another than was meant. */
function wholeNumber(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && DECIMAL_INTEGER.test(value) ? BigInt(value) : undefined;
}
