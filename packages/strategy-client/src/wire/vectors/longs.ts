import { StrategyClientError } from '../../errors.js';
import { columnName } from '../column-name.js';
import { I64 } from '../thrift/types.js';
import type { Value } from '../types.js';
import { requireField, requireList } from './members.js';
import type { ReadValue, VectorReader, VectorSource } from './vector.js';

export const longs: VectorReader = {
  list: (source) => reading(source, requireList(source, { member: 3, type: I64 }).start),
  constant: readConstant,
};

function readConstant(source: VectorSource): Value {
  return reading(source, requireField(source, { member: 11, type: I64 }))(0);
}

/** Reads the value of a row as the caller wants it. */
function reading(source: VectorSource, start: number): ReadValue {
  const { view } = source.reader;
  switch (source.int64) {
    case 'bigint':
      return (row) => view.getBigInt64(start + row * 8);
    case 'string':
      return (row) => view.getBigInt64(start + row * 8).toString();
    case 'number':
      return (row) => safeNumber(view.getBigInt64(start + row * 8), source, row);
  }
}

function safeNumber(value: bigint, source: VectorSource, row: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new StrategyClientError(
    'VALUE_OUT_OF_RANGE',
    `column ${columnName(source.column)}, row ${row}: no number holds ${value} exactly; ask for int64 as 'bigint' or 'string'`,
  );
}
