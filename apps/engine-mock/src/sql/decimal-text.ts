/** Most digits of a DECIMAL128. */
const MAX_DIGITS = 38;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Decimal text with exactly `scale` digits after the point. Undefined for what is no decimal, has more digits than
 * fit, or would lose some.
 */
export function decimalText(text: string, scale: number): string | undefined {
  const [match, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (match === undefined) return undefined;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const integer = whole.replace(/^0+(?=\d)/, '');
  if (/[1-9]/.test(fraction.slice(scale)) || integer.length + scale > MAX_DIGITS) return undefined;
  const isZero = !/[1-9]/.test(integer + kept);
  return `${sign === '-' && !isZero ? '-' : ''}${integer}${scale === 0 ? '' : `.${kept}`}`;
}
