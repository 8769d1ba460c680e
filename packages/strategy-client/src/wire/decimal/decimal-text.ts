import { MAX_DECIMAL_CHARACTERS } from '../limits.js';

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/** `unscaled` / 10^`scale` with exactly `scale` digits after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  const text = unscaled.toString();
  if (scale === 0) return text;
  const sign = unscaled < 0n ? '-' : '';
  const digits = text.slice(sign.length).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * The number of 10^-`scale` in a decimal text, or `undefined` if it is no decimal or not a whole number of them. Takes
 * a sign and an exponent of two digits; at most `MAX_DECIMAL_CHARACTERS` characters.
 */
export function unscaledOf(text: string, scale: number): bigint | undefined {
  const match = text.length <= MAX_DECIMAL_CHARACTERS ? DECIMAL.exec(text) : null;
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const magnitude = shifted(digits, scale - fraction.length + Number(exponent));
  return magnitude !== undefined && sign === '-' ? -magnitude : magnitude;
}

/** These digits times 10^`places`, or `undefined` if that is no whole number. */
function shifted(digits: string, places: number): bigint | undefined {
  if (places >= 0) return BigInt(digits + '0'.repeat(places));
  const cut = Math.max(0, digits.length + places);
  if (/[1-9]/.test(digits.slice(cut))) return undefined;
  return BigInt(digits.slice(0, cut) || '0');
}

/** Digits after the point that the text has. */
export function fractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
