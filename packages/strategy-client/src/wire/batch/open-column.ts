import { MalformedBytes, StrategyClientError } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { columnName } from '../column-name.js';
import { boolAt } from '../thrift/struct.js';
import type { Column, Int64Mode, Row } from '../types.js';
import { VECTOR_TYPES, type VectorType } from '../vector-type.js';
import { READERS } from '../vectors/readers.js';
import type { ListSpan, ReadValue, VectorLayout, VectorSource } from '../vectors/vector.js';
import type { ChunkLayout } from './read-chunk.js';

export interface ColumnSource {
  readonly reader: ByteReader;
  readonly chunk: ChunkLayout;
  readonly column: Column;
  readonly index: number;
  readonly int64: Int64Mode;
}

/** Puts the values of a column into rows of nulls. */
export type FillColumn = (rows: readonly Row[], column: number) => void;

/** Checks that a column has all that its rows need, and reads it when the rows are there. */
export function openColumn(source: ColumnSource): FillColumn {
  const { chunk, reader, column, int64 } = source;
  const vector = chunk.vectors[source.index];
  if (vector === undefined || vector.size !== chunk.size) {
    const at = vector?.at ?? 0;
    throw new MalformedBytes(
      `${columnName(column)} has ${vector?.size} rows in a batch of ${chunk.size}`,
      at,
    );
  }
  const type = typeOf(vector, column);
  const values: VectorSource = { reader, vector, column, int64 };
  return vector.constant ? openConstant(values, type) : openList(values, type);
}

function typeOf(vector: VectorLayout, column: Column): VectorType {
  const type = VECTOR_TYPES[vector.type];
  if (type !== undefined) return type;
  throw new StrategyClientError(
    'UNSUPPORTED_VECTOR_TYPE',
    `column ${columnName(column)} comes in a vector of type ${vector.type}, and the types known are 0 to ${VECTOR_TYPES.length - 1}; cast it in the query to a type that is known`,
  );
}

/** Of the null marks only the first counts. If it is set, the data do not matter. */
function openConstant(source: VectorSource, type: VectorType): FillColumn {
  const isNull = needsMarks(type) && boolAt(source.reader, marksOf(source, 1).start, 'a null mark');
  const value = isNull ? null : READERS[type].constant(source);
  return (rows, column) => {
    for (const row of rows) row[column] = value;
  };
}

function openList(source: VectorSource, type: VectorType): FillColumn {
  const read = READERS[type].list(source);
  if (!needsMarks(type)) return () => {};
  const marks = marksOf(source, source.vector.size);
  if (!anyMark(source, marks)) return (rows, column) => fill(rows, column, read);
  return (rows, column) =>
    fillMarked({ rows, column, read, marks: source.reader.bytes.subarray(marks.start) });
}

/** Of these types no row has a value in any case. */
function needsMarks(type: VectorType): boolean {
  return type !== 'NULL' && type !== 'INT96';
}

function marksOf(source: VectorSource, least: number): ListSpan {
  const { nulls, at } = source.vector;
  if (nulls !== undefined && nulls.count >= least) return nulls;
  throw new MalformedBytes(
    `${columnName(source.column)} has ${nulls?.count ?? 0} null marks, not ${least},`,
    at,
  );
}

/** Whether any row is null. Looks at every mark. */
function anyMark(source: VectorSource, marks: ListSpan): boolean {
  let any = false;
  for (let row = 0; row < source.vector.size; row += 1) {
    if (boolAt(source.reader, marks.start + row, 'a null mark')) any = true;
  }
  return any;
}

function fill(rows: readonly Row[], column: number, read: ReadValue): void {
  let index = 0;
  for (const row of rows) {
    row[column] = read(index);
    index += 1;
  }
}

interface MarkedColumn {
  readonly rows: readonly Row[];
  readonly column: number;
  readonly read: ReadValue;
  readonly marks: Uint8Array;
}

function fillMarked({ rows, column, read, marks }: MarkedColumn): void {
  let index = 0;
  for (const row of rows) {
    if (marks[index] === 0) row[column] = read(index);
    index += 1;
  }
}
