import { MalformedBytes } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { skip } from '../thrift/skip.js';
import { expectType, readFields, readI32 } from '../thrift/struct.js';
import { LIST, STRUCT } from '../thrift/types.js';
import type { VectorLayout } from '../vectors/vector.js';
import { readVector } from './read-vector.js';

/** A batch as it lies in the bytes. */
export interface ChunkLayout {
  /** Rows; zero or less ends the result. */
  readonly size: number;
  readonly vectors: readonly VectorLayout[];
}

/** Walks through a whole batch once. Of its vectors the first `wanted` are described; the others are only walked through. */
export function readChunk(reader: ByteReader, wanted: number): ChunkLayout {
  let size: number | undefined;
  let vectors: readonly VectorLayout[] = [];
  readFields(reader, (id, type) => {
    if (id === 1) size = readI32(reader, type, 'the size of the batch');
    else if (id === 2) vectors = readVectors(reader, type, wanted);
    else return false;
    return true;
  });
  if (size === undefined) throw new MalformedBytes('a batch without a size', 0);
  return { size, vectors };
}

function readVectors(reader: ByteReader, type: number, wanted: number): VectorLayout[] {
  expectType(reader, type, LIST, 'the list of vectors');
  const elementType = reader.u8('the list of vectors');
  const count = reader.count(1, 'the list of vectors');
  if (count > 0) expectType(reader, elementType, STRUCT, 'a vector');
  const vectors: VectorLayout[] = [];
  for (let i = 0; i < count; i += 1) {
    if (i < wanted) vectors.push(readVector(reader));
    else skip(reader, STRUCT);
  }
  return vectors;
}
