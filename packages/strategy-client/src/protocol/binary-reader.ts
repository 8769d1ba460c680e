import { MalformedBytes } from '../errors.js';

/** A varint holds seven bits a byte, 64 at most. */
const MAX_VARINT_BYTES = 10;

/**
 * Reads one protobuf message; the generated code calls it field by field. `bytes` are views of the message, not copies.
 *
 * @throws MalformedBytes where the message ends within a field, or a varint has more than ten bytes.
 */
export class BinaryReader {
  readonly len: number;
  pos = 0;
  /** How deep messages lie within each other; the generated code counts and limits it. */
  __tsProtoDecodeDepth = 0;
  readonly #buffer: Buffer;

  constructor(message: Uint8Array) {
    this.#buffer = Buffer.isBuffer(message)
      ? message
      : Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    this.len = message.length;
  }

  /** Of a varint that is longer, the lower 32 bits. */
  uint32(): number {
    let value = 0;
    for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
      const byte = this.#byte();
      if (count < 5) value |= (byte & 0x7f) << (7 * count);
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedBytes('a number of more than ten bytes', this.pos);
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.#varint64());
  }

  sint64(): bigint {
    const value = this.#varint64();
    return (value >> 1n) ^ -(value & 1n);
  }

  bool(): boolean {
    return this.#varint64() !== 0n;
  }

  bytes(): Buffer {
    const start = this.#length();
    return this.#buffer.subarray(start, this.pos);
  }

  string(): string {
    const start = this.#length();
    return this.#buffer.toString('utf8', start, this.pos);
  }

  /** Passes over a field that this version does not know. */
  skip(wireType: number): void {
    if (wireType === 0) this.#varint64();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#length();
    else if (wireType === 5) this.#advance(4);
    else throw new MalformedBytes(`a field of wire type ${wireType}`, this.pos);
  }

  /** Reads a length and passes over as many bytes; where they start. */
  #length(): number {
    const length = this.uint32();
    const start = this.pos;
    this.#advance(length);
    return start;
  }

  #advance(count: number): void {
    if (count > this.len - this.pos) {
      throw new MalformedBytes(
        `a field of ${count} bytes, of which ${this.len - this.pos} are there,`,
        this.pos,
      );
    }
    this.pos += count;
  }

  #byte(): number {
    const byte = this.#buffer[this.pos];
    if (byte === undefined) throw new MalformedBytes('the end of the message within a number', this.pos);
    this.pos += 1;
    return byte;
  }

  #varint64(): bigint {
    let low = 0;
    let value = 0n;
    for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
      const byte = this.#byte();
      // Up to 28 bits without a bigint.
      if (count < 4) low |= (byte & 0x7f) << (7 * count);
      else value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) return BigInt.asUintN(64, value | BigInt(low));
    }
    throw new MalformedBytes('a number of more than ten bytes', this.pos);
  }
}
