import { MalformedBytes } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { skip } from '../thrift/skip.js';
import { expectType, readBool, readFields, readI32 } from '../thrift/struct.js';
import { BOOL, LIST, STRUCT } from '../thrift/types.js';
import type { ListSpan, VectorLayout } from '../vectors/vector.js';

/** Members of the union Data have the numbers 1 to this. */
const LAST_MEMBER = 18;

/** Walks through a vector. Its fields `zoneOffset` and `format` are not used, as the engine's own client does not. */
export function readVector(reader: ByteReader): VectorLayout {
  const at = reader.offset;
  let size: number | undefined;
  let vectorType: number | undefined;
  let constant = false;
  let nulls: ListSpan | undefined;
  let members: ReadonlyMap<number, number> = new Map();
  readFields(reader, (id, type) => {
    if (id === 1) size = readI32(reader, type, 'the size of a vector');
    else if (id === 2) vectorType = readI32(reader, type, 'the type of a vector');
    else if (id === 3) nulls = readNulls(reader, type);
    else if (id === 4) members = readMembers(reader, type);
    else if (id === 5) constant = readBool(reader, type, 'the mark of a constant vector');
    else return false;
    return true;
  });
  if (size === undefined || vectorType === undefined)
    throw new MalformedBytes('a vector without size or type', at);
  return { at, size, type: vectorType, constant, nulls, members };
}

function readNulls(reader: ByteReader, type: number): ListSpan {
  expectType(reader, type, LIST, 'the null marks');
  const elementType = reader.u8('the null marks');
  const count = reader.count(1, 'the null marks');
  if (count > 0) expectType(reader, elementType, BOOL, 'a null mark');
  return { count, start: reader.take(count, 'the null marks') };
}

function readMembers(reader: ByteReader, type: number): ReadonlyMap<number, number> {
  expectType(reader, type, STRUCT, 'the data of a vector');
  const members = new Map<number, number>();
  readFields(reader, (id, memberType) => {
    if (id < 1 || id > LAST_MEMBER) return false;
    expectType(reader, memberType, STRUCT, 'a member of the data of a vector');
    members.set(id, reader.offset);
    skip(reader, STRUCT);
    return true;
  });
  return members;
}
