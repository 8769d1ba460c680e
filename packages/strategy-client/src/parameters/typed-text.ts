import type { ParameterType } from './parameter-types.js';
import { kindOf, refused } from './refused.js';
import { bigintText, checkedText, hexText, instantText, MAX_DIGITS, numberText } from './value-text.js';

const INTEGER_TEXT = /^[+-]?\d{1,20}$/;
const DOUBLE_TEXT = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/;
const DECIMAL_TEXT = /^[+-]?\d+(?:\.\d+)?$/;
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT_TEXT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/** The text of a value that is not null, for its type; `INVALID_ARGUMENT` where it does not fit. */
export function typedText(parameter: string, type: ParameterType, value: unknown): string {
  switch (type) {
    case 'STRING':
      if (typeof value === 'string') return checkedText(parameter, value);
      break;
    case 'BOOLEAN':
      if (typeof value === 'boolean' || value === 'true' || value === 'false') return String(value);
      break;
    case 'INTEGER':
      return wholeText(parameter, type, value, 32);
    case 'LONG':
      return wholeText(parameter, type, value, 64);
    case 'FLOAT':
    case 'DOUBLE':
      if (typeof value === 'number') return Object.is(value, -0) ? '-0' : numberText(parameter, value);
      if (typeof value === 'string' && DOUBLE_TEXT.test(value)) return value;
      break;
    case 'DECIMAL128':
      return decimalText(parameter, value);
    case 'BINARY':
      if (value instanceof Uint8Array) return hexText(value);
      break;
    case 'DATE':
      if (value instanceof Date) return instantText(parameter, value).slice(0, 'YYYY-MM-DD'.length);
      if (typeof value === 'string' && DATE_TEXT.test(value)) return value;
      break;
    case 'DATETIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_TZ':
      if (value instanceof Date) return instantText(parameter, value);
      if (typeof value === 'string' && INSTANT_TEXT.test(value)) return value;
      break;
    case 'NULL':
      break;
  }
  throw misfit(parameter, type, value);
}

function wholeText(parameter: string, type: ParameterType, value: unknown, bits: number): string {
  const whole =
    typeof value === 'string' && INTEGER_TEXT.test(value) ? BigInt(value.replace('+', '')) : value;
  if (typeof whole === 'bigint' ? whole === BigInt.asIntN(bits, whole) : fits(whole, bits))
    return String(whole);
  if (typeof whole !== 'bigint' && typeof whole !== 'number') throw misfit(parameter, type, value);
  throw refused(
    parameter,
    `is no whole number of ${bits} bits, as ${type} asks (beyond ${Number.MAX_SAFE_INTEGER} give a bigint)`,
  );
}

const fits = (value: unknown, bits: number): boolean =>
  Number.isSafeInteger(value) && BigInt(Number(value)) === BigInt.asIntN(bits, BigInt(Number(value)));

function decimalText(parameter: string, value: unknown): string {
  const text = typeof value === 'bigint' ? bigintText(parameter, value) : String(value);
  if (!['bigint', 'number', 'string'].includes(typeof value) || !DECIMAL_TEXT.test(text))
    throw misfit(parameter, 'DECIMAL128', value);
  const digits = text.replace(/^[+-]?0*|\./g, '').length;
  if (digits <= MAX_DIGITS) return text;
  throw refused(parameter, `has ${digits} digits; DECIMAL128 holds ${MAX_DIGITS}`);
}

const misfit = (parameter: string, type: ParameterType, value: unknown): Error =>
  refused(parameter, `is ${kindOf(value)} that ${type} cannot hold${REMEDY[type] ?? ''}`);

const REMEDY: Partial<Record<ParameterType, string>> = {
  DECIMAL128: "; give digits such as '1.50'",
  BINARY: '; give a Uint8Array',
  DATE: "; give a Date or 'YYYY-MM-DD'",
  DATETIME: '; give a Date or ISO 8601',
  TIMESTAMP: '; give a Date or ISO 8601',
  TIMESTAMP_TZ: '; give a Date or ISO 8601',
  NULL: '; give null',
};
