import { MalformedBytes, StrategyClientError } from '../../errors.js';
import { ByteReader } from '../bytes/byte-reader.js';
import type { Column, Row } from '../types.js';
import { type DecodeOptions, resolveDecodeOptions } from './decode-options.js';
import { openColumn } from './open-column.js';
import { type ChunkLayout, readChunk } from './read-chunk.js';

/**
 * Reads a `resultBatch` (engine-wire 2.2): its rows, each an array with a value per column. No bytes, or a batch of no
 * rows, end a result: `[]`. Vectors beyond the columns are ignored, and so is what follows the batch.
 *
 * A vector is decoded by its own type, also where the column's type is called otherwise (an INT column comes as INTEGER):
 * the bytes know better how they are laid out. Values are as in engine-wire 4e.
 *
 * Throws `MalformedBytes` for bytes that are not a batch of at least these columns, `UNSUPPORTED_VECTOR_TYPE` for INT96
 * data and types not known, `VALUE_OUT_OF_RANGE` for a LONG that no number holds (`int64: 'number'`) and for an unknown
 * time zone, `MESSAGE_TOO_LARGE` for more than `maxRows` rows or `maxCells` values.
 */
export function decodeBatch(
  columns: readonly Column[],
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Row[] {
  const resolved = resolveDecodeOptions(options);
  if (bytes.length === 0) return [];
  const reader = new ByteReader(bytes);
  const chunk = readChunk(reader, columns.length);
  if (chunk.size <= 0) return [];
  checkSizes(chunk, columns, resolved);
  const fills = columns.map((column, index) =>
    openColumn({ reader, chunk, column, index, int64: resolved.int64 }),
  );
  const rows = emptyRows(chunk.size, columns.length);
  for (const [index, fill] of fills.entries()) fill(rows, index);
  return rows;
}

function checkSizes(chunk: ChunkLayout, columns: readonly Column[], limits: Required<DecodeOptions>): void {
  const { size, vectors } = chunk;
  if (vectors.length < columns.length) {
    throw new MalformedBytes(`a batch of ${vectors.length} vectors for ${columns.length} columns`, 0);
  }
  const cells = size * columns.length;
  if (size <= limits.maxRows && cells <= limits.maxCells) return;
  throw new StrategyClientError(
    'MESSAGE_TOO_LARGE',
    `a batch claims ${size} rows and ${cells} values, more than ${limits.maxRows} (maxRows) or ${limits.maxCells} (maxCells); raise these, or have the engine send smaller batches`,
  );
}

/** Rows of nulls. Copies of one array are all of the same kind inside the engine, whatever is put into them. */
function emptyRows(count: number, columns: number): Row[] {
  const template: Row = [];
  while (template.length < columns) template.push(null);
  const rows: Row[] = [];
  while (rows.length < count) rows.push(template.slice());
  return rows;
}
