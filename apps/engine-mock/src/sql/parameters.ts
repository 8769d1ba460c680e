import { decimalText } from './decimal-text.js';
import type { TypedParameter } from './query-source.js';
import { SqlError } from './sql-error.js';
import { inUtc, readMoment, storedText } from './temporal-text.js';

/** What is bound to a `?`. */
export type BoundValue = bigint | number | string | Uint8Array | null;

/** Longest value of a parameter in characters. */
const MAX_VALUE_LENGTH: number = 16 * 1024 * 1024;
/** Digits after the point that a decimal parameter may have. */
const MAX_SCALE = 38;

/** Bits of the integer types. */
const BITS: Readonly<Record<string, number>> = { LONG: 64, INTEGER: 32, INT: 32, SHORT: 16, BYTE: 8 };

/**
 * Values for the `?` of a statement in their order.
 *
 * @throws SqlError where one is missing, given twice, or does not read as its type.
 */
export function bindParameters(params: readonly TypedParameter[], count: number): BoundValue[] {
  const values = new Map<number, BoundValue>();
  for (const param of params) {
    const { index } = param;
    if (!Number.isInteger(index) || index < 1 || index > count) {
      throw new SqlError(`parameter index ${index} is not one of 1 to ${count}, the number of ? in the text`);
    }
    if (values.has(index)) throw new SqlError(`parameter ${index} is given twice`);
    values.set(index, readParameter(param));
  }
  return Array.from({ length: count }, (_, at) => {
    const value = values.get(at + 1);
    if (value === undefined) throw new SqlError(`parameter ${at + 1} of ${count} is missing`);
    return value;
  });
}

function readParameter(param: TypedParameter): BoundValue {
  const type = param.type.toUpperCase();
  if (type === 'NULL') return null;
  if (param.value.length > MAX_VALUE_LENGTH) {
    throw new SqlError(`parameter ${param.index} is longer than ${MAX_VALUE_LENGTH} characters`);
  }
  const value = readAs(type, param.value);
  if (value !== undefined) return value;
  const shown = param.value.length > 40 ? `${param.value.slice(0, 40)}…` : param.value;
  throw new SqlError(`parameter ${param.index} is '${shown}', which is no ${type}`);
}

/** Undefined where the text does not read as the type. */
function readAs(type: string, text: string): BoundValue | undefined {
  switch (type) {
    case 'LONG':
    case 'INTEGER':
    case 'INT':
    case 'SHORT':
    case 'BYTE':
      return readInteger(text, BITS[type] ?? 0);
    case 'DOUBLE':
    case 'FLOAT':
      return readDouble(text);
    case 'BOOLEAN':
      return /^true$/i.test(text) ? 1n : /^false$/i.test(text) ? 0n : undefined;
    case 'STRING':
    case 'CHAR':
    case 'ARRAY':
    case 'MAP':
    case 'STRUCT':
      return text;
    case 'BINARY':
      return /^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
    case 'DECIMAL128':
      return decimalText(text, Math.min(text.split('.')[1]?.length ?? 0, MAX_SCALE));
    case 'DATE':
    case 'DATETIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_TZ':
      return readTemporal(type, text);
    default:
      throw new SqlError(`${type} is no type of a parameter`);
  }
}

function readInteger(text: string, bits: number): bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

function readDouble(text: string): number | undefined {
  const isNumber = /^[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(text);
  return isNumber ? Number(text) : undefined;
}

/** In the form of the sample tables, so that texts compare as moments do; a DATETIME in UTC. */
function readTemporal(type: string, text: string): string | undefined {
  const moment = readMoment(text);
  if (moment === undefined) return undefined;
  if (type === 'DATE') return moment.date;
  return storedText(type === 'TIMESTAMP_TZ' ? moment : inUtc(moment));
}
