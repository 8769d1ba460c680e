import { decimalText, fractionDigits, unscaledOf } from '../decimal/decimal-text.js';
import { MAX_SCALE } from '../limits.js';
import { STRING } from '../thrift/types.js';
import { writeBinary, writeI32Field } from '../thrift/write.js';
import type { Value } from '../types.js';
import type { ColumnToWrite } from './column-to-write.js';
import { type DataWriter, dataWriter } from './data-writer.js';

const BINARY_BYTES = 16;

export function decimalWriter(column: ColumnToWrite): DataWriter {
  const scale = column.options.scale ?? longestFraction(column);
  const encode = column.options.decimalsAsText ? textBytes : binaryBytes;
  return dataWriter(column, {
    listed: { member: 17, type: STRING, put: writeBinary },
    constant: { member: 18, type: STRING, put: writeBinary },
    accept: (value) => {
      const text = textOf(value);
      const unscaled = text === undefined ? undefined : unscaledOf(text, scale);
      return unscaled === undefined ? undefined : encode(unscaled, scale);
    },
    placeholder: new Uint8Array(BINARY_BYTES),
    takes: `give a decimal text of 128 bits with at most ${scale} digits after the point, a bigint or a safe integer`,
    after: (out) => writeI32Field(out, 2, scale),
  });
}

/** A number with a fraction is not taken: how many digits were meant cannot be known. */
function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? `${value}` : undefined;
}

function longestFraction(column: ColumnToWrite): number {
  let longest = 0;
  for (const [number, row] of column.rows.entries()) {
    const value = column.valueOf(row, number);
    if (typeof value === 'string') longest = Math.max(longest, fractionDigits(value));
  }
  return Math.min(longest, MAX_SCALE);
}

function binaryBytes(unscaled: bigint): Uint8Array | undefined {
  if (BigInt.asIntN(BINARY_BYTES * 8, unscaled) !== unscaled) return undefined;
  const bytes = new Uint8Array(BINARY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, unscaled >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, unscaled));
  return bytes;
}

/** Text of just 16 bytes would be read as binary, so it gets a zero in front. */
function textBytes(unscaled: bigint, scale: number): Uint8Array {
  const text = decimalText(unscaled, scale);
  return Buffer.from(text.length === BINARY_BYTES ? text.replace(/\d/, '0$&') : text, 'latin1');
}
