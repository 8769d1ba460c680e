import { ByteWriter } from '../bytes/byte-writer.js';
import { STRUCT } from '../thrift/types.js';
import { writeI32Field, writeListField, writeStop } from '../thrift/write.js';
import type { Column, Row } from '../types.js';
import { ColumnToWrite } from '../writing/column-to-write.js';
import { writeVector } from '../writing/write-vector.js';
import { type EncodeOptions, resolveVectorOptions } from './encode-options.js';

/**
 * Writes a `resultBatch` (engine-wire 2.2) that `decodeBatch` reads back to the same values. No rows: a batch that ends
 * a result.
 *
 * Takes what `decodeBatch` gives, and beyond that: for LONG safe integers and decimal text; for INTEGER bigints; for
 * DATE, DATETIME, TIMESTAMP and TIMESTAMP_TZ microseconds since 1970 as bigint, and ISO text with fewer digits, another
 * offset or none (UTC); for DECIMAL128 bigints, safe integers and text with fewer digits than the scale. `null` goes into
 * any column, and into INT96 and NULL nothing else.
 *
 * Throws `VALUE_OUT_OF_RANGE`, naming column, row and value, for a value that its column cannot carry, `INVALID_ARGUMENT`
 * for options out of their limits, and `MESSAGE_TOO_LARGE` beyond `MAX_ENCODED_BYTES`.
 */
export function encodeBatch(
  columns: readonly Column[],
  rows: readonly Row[],
  options: EncodeOptions = {},
): Uint8Array {
  const wishes = columns.map((column, index) => resolveVectorOptions(column, options.vectors?.[index]));
  const out = new ByteWriter();
  writeI32Field(out, 1, rows.length);
  writeListField(out, 2, STRUCT, rows.length === 0 ? 0 : columns.length);
  if (rows.length > 0) {
    for (const [index, wish] of wishes.entries()) {
      writeVector(out, new ColumnToWrite({ columns, index, rows, options: wish }));
    }
  }
  writeStop(out);
  return out.finish();
}
