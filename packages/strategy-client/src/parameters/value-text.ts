import { refused } from './refused.js';

/** DECIMAL128 holds this many digits: the widest number that the engine knows. */
export const MAX_DIGITS = 38;

const WIDEST = 10n ** BigInt(MAX_DIGITS);
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A text that UTF-8 can carry; half a surrogate pair would arrive as another character. */
export function checkedText(parameter: string, text: string): string {
  if (!LONE_SURROGATE.test(text)) return text;
  throw refused(parameter, 'holds half a surrogate pair, which UTF-8 cannot carry; give whole characters');
}

/** Digits of a number; `1e+21` where JavaScript writes it so. */
export function numberText(parameter: string, value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw refused(
    parameter,
    `is ${value}, for which SQL has no literal; write CAST('${value}' AS DOUBLE) into the statement`,
  );
}

export function bigintText(parameter: string, value: bigint): string {
  if (value < WIDEST && value > -WIDEST) return String(value);
  throw refused(parameter, `has more than ${MAX_DIGITS} digits; give it as text and cast it`);
}

/** ISO 8601 in UTC with milliseconds. */
export function instantText(parameter: string, value: Date): string {
  const year = value.getUTCFullYear();
  if (year >= 1 && year <= 9999) return value.toISOString();
  throw refused(
    parameter,
    Number.isNaN(year) ? 'is an invalid Date' : `is in the year ${year}; give 1 to 9999`,
  );
}

export const hexText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
