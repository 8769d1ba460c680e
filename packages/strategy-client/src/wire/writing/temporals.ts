import type { ByteWriter } from '../bytes/byte-writer.js';
import { isInt64 } from '../int64.js';
import { parseIso } from '../temporal/parse-iso.js';
import { I64, STRING } from '../thrift/types.js';
import { writeField, writeListField, writeText } from '../thrift/write.js';
import type { Value } from '../types.js';
import type { ColumnToWrite } from './column-to-write.js';
import { type DataWriter, dataWriter } from './data-writer.js';

const MICROS_PER_DAY = 86_400_000_000n;
const LEAST_INT64 = -(2n ** 63n);
const TAKES = 'give ISO text, or microseconds since 1970 as a bigint of 64 bits';

function put(out: ByteWriter, micros: bigint): void {
  out.i64(micros);
}

export function dateWriter(column: ColumnToWrite): DataWriter {
  return dataWriter(column, {
    listed: { member: 4, type: I64, put },
    constant: { member: 9, type: I64, put },
    accept: (value) =>
      within64Bits(typeof value === 'string' ? onFirstDay(microsOf(value)) : microsOf(value)),
    placeholder: 0n,
    takes: TAKES,
  });
}

export function datetimeWriter(column: ColumnToWrite): DataWriter {
  return instantWriter(column, undefined);
}

export function zonedTimeWriter(column: ColumnToWrite): DataWriter {
  return instantWriter(column, (out, constant) => writeZones(out, column, constant));
}

function instantWriter(
  column: ColumnToWrite,
  after: ((out: ByteWriter, constant: boolean) => void) | undefined,
): DataWriter {
  return dataWriter(column, {
    listed: { member: 16, type: I64, put },
    constant: { member: 14, type: I64, put },
    accept: (value) => within64Bits(microsOf(value)),
    placeholder: 0n,
    takes: TAKES,
    ...(after === undefined ? {} : { after }),
  });
}

function microsOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseIso(value)?.micros : undefined;
}

/** Of the first day that 64 bits can name they cannot name the midnight, but any of its instants will do. */
function onFirstDay(micros: bigint | undefined): bigint | undefined {
  if (micros === undefined || micros >= LEAST_INT64) return micros;
  return micros > LEAST_INT64 - MICROS_PER_DAY ? LEAST_INT64 : undefined;
}

function within64Bits(micros: bigint | undefined): bigint | undefined {
  return micros !== undefined && isInt64(micros) ? micros : undefined;
}

function writeZones(out: ByteWriter, column: ColumnToWrite, constant: boolean): void {
  const { rows } = column;
  if (constant) {
    writeField(out, 2, STRING);
    writeText(out, zoneOfRow(column, column.theValue(), 0));
    return;
  }
  writeListField(out, 2, STRING, rows.length);
  for (const [number, row] of rows.entries()) {
    writeText(out, zoneOfRow(column, column.valueOf(row, number), number));
  }
}

/** The zone that was asked for, or else the offset of the text. */
function zoneOfRow(column: ColumnToWrite, value: Value, row: number): string {
  const { zones } = column.options;
  const wanted = typeof zones === 'string' ? zones : zones?.[row];
  if (wanted !== undefined) return wanted;
  const offset = typeof value === 'string' ? parseIso(value)?.offset : undefined;
  return offset === undefined || offset === '+00:00' ? 'Z' : offset;
}
