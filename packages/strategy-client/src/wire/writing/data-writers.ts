import type { ByteWriter } from '../bytes/byte-writer.js';
import { isWellFormed } from '../bytes/utf8.js';
import { BOOL, DOUBLE, I32, I64, STRING } from '../thrift/types.js';
import { writeBinary, writeText } from '../thrift/write.js';
import type { Value } from '../types.js';
import type { ColumnToWrite } from './column-to-write.js';
import { type DataWriter, dataWriter } from './data-writer.js';
import { decimalWriter } from './decimals.js';
import { acceptInt64 } from './int64.js';
import { datetimeWriter, dateWriter, zonedTimeWriter } from './temporals.js';

/** The writer of the values of a column, or `undefined` for one that has none. */
export function dataWriterOf(column: ColumnToWrite): DataWriter | undefined {
  switch (column.options.type) {
    case 'BINARY':
      return binaryWriter(column);
    case 'BOOLEAN':
      return booleanWriter(column);
    case 'DOUBLE':
      return floatWriter(column, 6);
    case 'FLOAT':
      return floatWriter(column, 5);
    case 'INTEGER':
      return integerWriter(column);
    case 'LONG':
      return longWriter(column);
    case 'STRING':
    case 'STRUCT':
    case 'MAP':
    case 'ARRAY':
      return textWriter(column);
    case 'DATE':
      return dateWriter(column);
    case 'DATETIME':
    case 'TIMESTAMP':
      return datetimeWriter(column);
    case 'TIMESTAMP_TZ':
      return zonedTimeWriter(column);
    case 'DECIMAL128':
      return decimalWriter(column);
    case 'INT96':
    case 'NULL':
      return undefined;
  }
}

function binaryWriter(column: ColumnToWrite): DataWriter {
  return dataWriter(column, {
    listed: { member: 7, type: STRING, put: writeBinary },
    constant: { member: 15, type: STRING, put: writeBinary },
    accept: (value) => (value instanceof Uint8Array ? value : undefined),
    placeholder: new Uint8Array(),
    takes: 'give a Uint8Array',
  });
}

function booleanWriter(column: ColumnToWrite): DataWriter {
  const put = (out: ByteWriter, value: boolean): void => out.u8(value ? 1 : 0);
  return dataWriter(column, {
    listed: { member: 1, type: BOOL, put },
    constant: { member: 8, type: BOOL, put },
    accept: (value) => (typeof value === 'boolean' ? value : undefined),
    placeholder: false,
    takes: 'give true or false',
  });
}

function floatWriter(column: ColumnToWrite, member: number): DataWriter {
  const put = (out: ByteWriter, value: number): void => out.double(value);
  return dataWriter(column, {
    listed: { member, type: DOUBLE, put },
    constant: { member: 12, type: DOUBLE, put },
    accept: (value) => (typeof value === 'number' ? value : undefined),
    placeholder: 0,
    takes: 'give a number',
  });
}

function integerWriter(column: ColumnToWrite): DataWriter {
  return dataWriter(column, {
    listed: { member: 2, type: I32, put: (out, value) => out.i32(value) },
    constant: { member: 11, type: I64, put: (out, value) => out.i64(BigInt(value)) },
    accept: acceptInt32,
    placeholder: 0,
    takes: 'give a whole number of 32 bits',
  });
}

function acceptInt32(value: Value): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && (number | 0) === number ? number : undefined;
}

function longWriter(column: ColumnToWrite): DataWriter {
  const put = (out: ByteWriter, value: bigint): void => out.i64(value);
  return dataWriter(column, {
    listed: { member: 3, type: I64, put },
    constant: { member: 11, type: I64, put },
    accept: acceptInt64,
    placeholder: 0n,
    takes: 'give a bigint of 64 bits, a safe integer, or either as text',
  });
}

function textWriter(column: ColumnToWrite): DataWriter {
  return dataWriter(column, {
    listed: { member: 7, type: STRING, put: writeText },
    constant: { member: 15, type: STRING, put: writeText },
    accept: (value) => (typeof value === 'string' && isWellFormed(value) ? value : undefined),
    placeholder: '',
    takes: 'give a string without halves of surrogate pairs',
  });
}
