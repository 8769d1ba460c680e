import { MalformedBytes } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { MAX_NESTING } from '../limits.js';
import { FIXED_BYTES, LIST, MAP, SET, STOP, STRING, STRUCT } from './types.js';

/** The fewest bytes of a value of each type whose length varies. */
const LEAST_BYTES: ReadonlyMap<number, number> = new Map([
  [STRING, 4],
  [STRUCT, 1],
  [MAP, 6],
  [SET, 5],
  [LIST, 5],
]);

/** Moves past a value of that type, whatever is in it. The work is bounded by the bytes, the depth by `MAX_NESTING`. */
export function skip(reader: ByteReader, type: number, depth = 0): void {
  const fixed = FIXED_BYTES.get(type);
  if (fixed !== undefined) {
    reader.take(fixed, 'a field');
    return;
  }
  if (depth >= MAX_NESTING) {
    throw new MalformedBytes(`a field is nested deeper than ${MAX_NESTING} levels`, reader.offset);
  }
  switch (type) {
    case STRING:
      reader.take(reader.count(1, 'a text'), 'a text');
      return;
    case STRUCT:
      skipFields(reader, depth + 1);
      return;
    case LIST:
    case SET:
      skipElements(reader, [reader.u8('a list')], depth + 1);
      return;
    case MAP:
      skipElements(reader, [reader.u8('a map'), reader.u8('a map')], depth + 1);
      return;
    default:
      throw new MalformedBytes(`a field has the unknown type ${type}`, reader.offset);
  }
}

function skipFields(reader: ByteReader, depth: number): void {
  for (;;) {
    const type = reader.u8('a field');
    if (type === STOP) return;
    reader.take(2, 'a field');
    skip(reader, type, depth);
  }
}

/** Elements that consist of values of these types. The types of an empty list do not matter. */
function skipElements(reader: ByteReader, types: readonly number[], depth: number): void {
  const start = reader.offset;
  let least = 0;
  let allFixed = true;
  for (const type of types) {
    const fixed = FIXED_BYTES.get(type);
    if (fixed === undefined) allFixed = false;
    least += fixed ?? LEAST_BYTES.get(type) ?? 0;
  }
  const count = reader.count(least, 'a list');
  if (count > 0 && least === 0) throw new MalformedBytes('a list has elements of an unknown type', start);
  if (allFixed) {
    reader.take(count * least, 'a list');
    return;
  }
  for (let i = 0; i < count; i += 1) {
    for (const type of types) skip(reader, type, depth);
  }
}
