import { MalformedBytes } from '../../errors.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { modifiedUtf8Text } from '../bytes/modified-utf8.js';
import { utf8Text } from '../bytes/utf8.js';
import { MAX_COLUMNS } from '../limits.js';
import type { Column, ResultMetadata } from '../types.js';

/** Four texts, each of them at least its length. */
const LEAST_COLUMN_BYTES = 8;

/**
 * Reads `resultMetaData` (engine-wire 2.1). Texts may be plain UTF-8 or Java's modified form. What follows the last column
 * is ignored. Throws `MalformedBytes`.
 */
export function decodeMetadata(bytes: Uint8Array): ResultMetadata {
  const reader = new ByteReader(bytes);
  const rowCount = reader.i64('the row count');
  const start = reader.offset;
  const count = reader.count(LEAST_COLUMN_BYTES, 'the list of columns');
  if (count > MAX_COLUMNS) {
    throw new MalformedBytes(
      `the list of columns claims ${count}, more than ${MAX_COLUMNS} (MAX_COLUMNS)`,
      start,
    );
  }
  const columns: Column[] = [];
  while (columns.length < count) columns.push(readColumn(reader));
  return { rowCount, columns };
}

function readColumn(reader: ByteReader): Column {
  const name = readText(reader, 'the name of a column');
  const type = readText(reader, 'the type of a column');
  const zone = readText(reader, 'the zone of a column');
  const format = readText(reader, 'the format of a column');
  return { name, type, zone, format };
}

function readText(reader: ByteReader, what: string): string {
  const length = reader.u16(what);
  const start = reader.take(length, what);
  const end = start + length;
  const text = utf8Text(reader.bytes, start, end) ?? modifiedUtf8Text(reader.bytes.subarray(start, end));
  if (text === undefined) throw new MalformedBytes(`${what} is not UTF-8`, start);
  return text;
}
