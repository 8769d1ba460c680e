import type { ByteWriter } from '../bytes/byte-writer.js';
import { writeField, writeListField, writeStructField } from '../thrift/write.js';
import type { Value } from '../types.js';
import type { ColumnToWrite } from './column-to-write.js';

/** Writes the member of the union Data that holds the values of a column. */
export interface DataWriter {
  list(out: ByteWriter): void;
  constant(out: ByteWriter): void;
}

/** Where the values go in one of the two forms, and how they are written there. */
export interface Form<T> {
  readonly member: number;
  readonly type: number;
  readonly put: (out: ByteWriter, value: T) => void;
}

/** How the values of a vector type are encoded. */
export interface Encoding<T> {
  readonly listed: Form<T>;
  readonly constant: Form<T>;
  /** What is written, or `undefined` for a value that the column cannot carry. */
  readonly accept: (value: Value) => T | undefined;
  /** What stands where a row is null. */
  readonly placeholder: T;
  /** What the column takes, for the error. */
  readonly takes: string;
  /** Fields after the values. */
  readonly after?: (out: ByteWriter, constant: boolean) => void;
}

export function dataWriter<T>(column: ColumnToWrite, encoding: Encoding<T>): DataWriter {
  const { listed, constant, after } = encoding;
  return {
    list: (out) =>
      writeStructField(out, listed.member, () => {
        writeListField(out, 1, listed.type, column.rows.length);
        for (const [number, row] of column.rows.entries()) {
          listed.put(out, accepted(column, encoding, column.valueOf(row, number), number));
        }
        after?.(out, false);
      }),
    constant: (out) =>
      writeStructField(out, constant.member, () => {
        writeField(out, 1, constant.type);
        constant.put(out, accepted(column, encoding, column.theValue(), 0));
        after?.(out, true);
      }),
  };
}

function accepted<T>(column: ColumnToWrite, encoding: Encoding<T>, value: Value, row: number): T {
  if (value === null) return encoding.placeholder;
  const written = encoding.accept(value);
  if (written === undefined) throw column.refuse(row, value, encoding.takes);
  return written;
}
