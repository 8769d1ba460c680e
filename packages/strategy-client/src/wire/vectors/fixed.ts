import { MalformedBytes } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { columnName } from '../column-name.js';
import { boolAt } from '../thrift/struct.js';
import { BOOL, DOUBLE, I32, I64 } from '../thrift/types.js';
import { requireField, requireList } from './members.js';
import type { VectorReader, VectorSource } from './vector.js';

function isTrue(reader: ByteReader, at: number): boolean {
  return boolAt(reader, at, 'a BOOLEAN');
}

export const booleans: VectorReader = {
  list: (source) => {
    const { start } = requireList(source, { member: 1, type: BOOL });
    return (row) => isTrue(source.reader, start + row);
  },
  constant: (source) => isTrue(source.reader, requireField(source, { member: 8, type: BOOL })),
};

export const integers: VectorReader = {
  list: (source) => {
    const { view } = source.reader;
    const { start } = requireList(source, { member: 2, type: I32 });
    return (row) => view.getInt32(start + row * 4);
  },
  constant: readConstantInteger,
};

/** It is sent with 64 bits, of which only 32 may be used. */
function readConstantInteger(source: VectorSource): number {
  const at = requireField(source, { member: 11, type: I64 });
  const value = source.reader.view.getBigInt64(at);
  if (BigInt.asIntN(32, value) === value) return Number(value);
  throw new MalformedBytes(
    `${columnName(source.column)} has the INTEGER ${value}, which has more than 32 bits,`,
    at,
  );
}

/** FLOAT is sent as a double, too, but in a member of its own. */
function floats(member: number): VectorReader {
  return {
    list: (source) => {
      const { view } = source.reader;
      const { start } = requireList(source, { member, type: DOUBLE });
      return (row) => view.getFloat64(start + row * 8);
    },
    constant: (source) => source.reader.view.getFloat64(requireField(source, { member: 12, type: DOUBLE })),
  };
}

export const doubleValues: VectorReader = floats(6);
export const floatValues: VectorReader = floats(5);
