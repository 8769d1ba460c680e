import type { Value } from '@holdfast/strategy-client/wire';
import { decimalText } from './decimal-text.js';
import type { DeclaredType } from './declared-type.js';
import { inUtc, readMoment } from './temporal-text.js';

/** A value as SQLite gives it, integers as bigint. */
export type SqliteValue = bigint | number | string | Uint8Array | null;

const MIN_INT32 = -(2n ** 31n);
const MAX_INT32 = 2n ** 31n - 1n;
/** Integers up to here have a double of their own. */
const MAX_EXACT = 2n ** 53n;
/** From here on, a number's text has an exponent. */
const PLAIN_NUMBER = 1e21;

/** A row as SQLite gives it. */
export type SqliteRow = readonly SqliteValue[];

/**
 * Reads a value as its column's type says. SQLite lets a column hold any kind of value, whatever was declared.
 *
 * @returns undefined where the value does not fit the type.
 */
export function readValue(declared: DeclaredType, value: SqliteValue): Value | undefined {
  if (value === null) return null;
  switch (declared.type) {
    case 'LONG':
      return typeof value === 'bigint' ? value : undefined;
    case 'INTEGER':
      return typeof value === 'bigint' && value >= MIN_INT32 && value <= MAX_INT32
        ? Number(value)
        : undefined;
    case 'DOUBLE':
    case 'FLOAT':
      return readDouble(value);
    case 'BOOLEAN':
      return value === 0n || value === 1n ? value === 1n : undefined;
    case 'BINARY':
      return typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined;
    case 'DECIMAL128':
      return readDecimal(value, declared.scale);
    case 'DATE':
    case 'DATETIME':
    case 'TIMESTAMP_TZ':
      return typeof value === 'string' ? readTemporal(declared.type, value) : undefined;
    default:
      return value instanceof Uint8Array ? undefined : String(value);
  }
}

function readDouble(value: SqliteValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' && value >= -MAX_EXACT && value <= MAX_EXACT ? Number(value) : undefined;
}

/** A column with a decimal's affinity holds integers and doubles; a double is rounded to the scale. */
function readDecimal(value: SqliteValue, scale: number): string | undefined {
  if (typeof value !== 'number') return decimalText(String(value), scale);
  return Math.abs(value) < PLAIN_NUMBER ? decimalText(value.toFixed(scale), scale) : undefined;
}

function readTemporal(type: 'DATE' | 'DATETIME' | 'TIMESTAMP_TZ', text: string): string | undefined {
  const moment = readMoment(text);
  if (moment === undefined) return undefined;
  if (type === 'DATE') return moment.date;
  if (type === 'DATETIME') {
    const utc = inUtc(moment);
    return `${utc.date}T${utc.time}`;
  }
  return `${moment.date}T${moment.time}${moment.offset || 'Z'}`;
}
