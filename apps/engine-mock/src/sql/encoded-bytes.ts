import type { Value } from '@holdfast/strategy-client/wire';

/** Bytes of a null flag. */
const FLAG = 1;
/** Bytes of a length. */
const LENGTH = 4;
/** Bytes of a decimal. */
const DECIMAL = 16;
const EIGHT = 8;

/** What a value adds to an encoded batch, in bytes; for a null, a little more than it may be. */
export function encodedBytes(type: string, zone: string, value: Value): number {
  switch (type) {
    case 'LONG':
    case 'DOUBLE':
    case 'FLOAT':
    case 'DATE':
    case 'DATETIME':
    case 'TIMESTAMP':
      return FLAG + EIGHT;
    case 'INTEGER':
      return FLAG + LENGTH;
    case 'BOOLEAN':
      return FLAG + 1;
    case 'TIMESTAMP_TZ':
      return FLAG + EIGHT + LENGTH + Math.max(zone.length, '+00:00'.length);
    case 'DECIMAL128':
      return FLAG + LENGTH + DECIMAL;
    default:
      return FLAG + LENGTH + lengthOf(value);
  }
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.byteLength : 0;
}
