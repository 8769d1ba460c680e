import type { ByteWriter } from '../bytes/byte-writer.js';
import { BOOL } from '../thrift/types.js';
import {
  writeBoolField,
  writeI32Field,
  writeListField,
  writeStop,
  writeStructField,
} from '../thrift/write.js';
import type { ColumnToWrite } from './column-to-write.js';
import { dataWriterOf } from './data-writers.js';

/** Writes the vector of a column. */
export function writeVector(out: ByteWriter, column: ColumnToWrite): void {
  const { constant, type } = column.options;
  writeI32Field(out, 1, column.rows.length);
  writeI32Field(out, 2, column.typeNumber);
  writeNulls(out, column);
  const data = dataWriterOf(column);
  if (data !== undefined) writeStructField(out, 4, () => (constant ? data.constant(out) : data.list(out)));
  else refuseValues(column, `only null goes into ${type}`);
  writeBoolField(out, 5, constant);
  writeStop(out);
}

/** A mark per row; of a constant vector one, and of NULL none. */
function writeNulls(out: ByteWriter, column: ColumnToWrite): void {
  const { constant, type } = column.options;
  if (type === 'NULL') {
    writeListField(out, 3, BOOL, 0);
  } else if (constant) {
    writeListField(out, 3, BOOL, 1);
    out.u8(column.theValue() === null ? 1 : 0);
  } else {
    writeListField(out, 3, BOOL, column.rows.length);
    for (const [number, row] of column.rows.entries()) out.u8(column.valueOf(row, number) === null ? 1 : 0);
  }
}

function refuseValues(column: ColumnToWrite, why: string): void {
  for (const [number, row] of column.rows.entries()) {
    const value = column.valueOf(row, number);
    if (value !== null) throw column.refuse(number, value, why);
  }
}
