import { StrategyClientError } from '../../errors.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { isWellFormed } from '../bytes/utf8.js';
import { isInt64 } from '../int64.js';
import { MAX_COLUMNS } from '../limits.js';
import type { Column, ResultMetadata } from '../types.js';

const MAX_TEXT_BYTES = 65_535;

/**
 * Writes `resultMetaData` (engine-wire 2.1), texts in plain UTF-8, which every reader of this format takes. Throws
 * `VALUE_OUT_OF_RANGE` for a text of more than 65,535 bytes or one that UTF-8 cannot carry, for a row count beyond 64 bits
 * and for more than `MAX_COLUMNS` columns.
 */
export function encodeMetadata(metadata: ResultMetadata): Uint8Array {
  const { rowCount, columns } = metadata;
  if (!isInt64(rowCount)) throw outOfRange(`the row count ${rowCount} does not fit into 64 bits`);
  if (columns.length > MAX_COLUMNS) {
    throw outOfRange(`${columns.length} columns are more than ${MAX_COLUMNS} (MAX_COLUMNS)`);
  }
  const out = new ByteWriter();
  out.i64(rowCount);
  out.i32(columns.length);
  for (const [index, column] of columns.entries()) writeColumn(out, column, index);
  return out.finish();
}

function writeColumn(out: ByteWriter, column: Column, index: number): void {
  writeText(out, column.name, `the name of column ${index}`);
  writeText(out, column.type, `the type of column ${index}`);
  writeText(out, column.zone, `the zone of column ${index}`);
  writeText(out, column.format, `the format of column ${index}`);
}

function writeText(out: ByteWriter, text: string, what: string): void {
  const length = Buffer.byteLength(text);
  if (length > MAX_TEXT_BYTES) throw outOfRange(`${what} has ${length} bytes; at most ${MAX_TEXT_BYTES} fit`);
  if (!isWellFormed(text)) throw outOfRange(`${what} has half of a surrogate pair`);
  out.u16(length);
  out.text(text, length);
}

function outOfRange(message: string): StrategyClientError {
  return new StrategyClientError('VALUE_OUT_OF_RANGE', message);
}
