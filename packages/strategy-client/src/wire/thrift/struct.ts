import { MalformedBytes } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { skip } from './skip.js';
import { BOOL, I32, STOP } from './types.js';

/**
 * Reads the fields of a struct up to its end. `read` reads the field and returns true, or leaves it and returns false,
 * whereupon it is skipped. Of a field that occurs twice the later one counts, as in every reader of this protocol.
 */
export function readFields(reader: ByteReader, read: (id: number, type: number) => boolean): void {
  for (;;) {
    const type = reader.u8('a field');
    if (type === STOP) return;
    const id = reader.i16('a field');
    if (!read(id, type)) skip(reader, type);
  }
}

/** A field that we know has another type than it should: not what any version of the sender would write. */
export function expectType(reader: ByteReader, actual: number, expected: number, what: string): void {
  if (actual === expected) return;
  throw new MalformedBytes(`${what} has the type ${actual} instead of ${expected}`, reader.offset);
}

export function readI32(reader: ByteReader, type: number, what: string): number {
  expectType(reader, type, I32, what);
  return reader.i32(what);
}

export function readBool(reader: ByteReader, type: number, what: string): boolean {
  expectType(reader, type, BOOL, what);
  return boolAt(reader, reader.take(1, what), what);
}

/** Readers of this protocol disagree about bytes other than 0 and 1, so these are refused. */
export function boolAt(reader: ByteReader, at: number, what: string): boolean {
  const byte = reader.view.getUint8(at);
  if (byte > 1) throw new MalformedBytes(`${what} is neither true nor false`, at);
  return byte === 1;
}

/** Where the value of a field of the struct at `structAt` starts, or `undefined` if it is not there. */
export function fieldAt(
  reader: ByteReader,
  structAt: number,
  field: { readonly id: number; readonly type: number; readonly what: string },
): number | undefined {
  let found: number | undefined;
  reader.offset = structAt;
  readFields(reader, (id, type) => {
    if (id === field.id) {
      expectType(reader, type, field.type, field.what);
      found = reader.offset;
    }
    return false;
  });
  return found;
}
