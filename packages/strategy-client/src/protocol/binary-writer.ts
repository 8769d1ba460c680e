/** Messages up to this size are written into one buffer that all of them share; larger ones get their own. */
const SHARED_BYTES = 16 * 1024;
/** Most bytes of a varint. */
const VARINT_BYTES = 10;
/** Up to this length a loop over the characters beats the call into native code. */
const SHORT_TEXT = 48;

const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

/**
 * Writes one protobuf message; the generated code calls it field by field. A message is written without a break, from the
 * first field to `finish`, so that all writers share one buffer.
 */
export class BinaryWriter {
  #buffer: Buffer = shared;
  #at = 0;
  /** Where the messages within this one that are not yet finished begin. */
  readonly #forks: number[] = [];

  /** What was written. Bytes of its own: a later message does not touch them. */
  finish(): Buffer {
    if (this.#buffer !== shared) return this.#buffer.subarray(0, this.#at);
    const message = Buffer.allocUnsafe(this.#at);
    shared.copy(message, 0, 0, this.#at);
    return message;
  }

  /** Begins a message within the message; `join` ends it and puts its length before it. */
  fork(): this {
    this.#forks.push(this.#at);
    return this;
  }

  join(): this {
    const start = this.#forks.pop() ?? 0;
    const length = this.#at - start;
    this.#reserve(VARINT_BYTES);
    // The length is written behind the message, and then changes places with it.
    this.uint32(length);
    const prefix = this.#at - start - length;
    const moved = Buffer.from(this.#buffer.subarray(start + length, this.#at));
    this.#buffer.copyWithin(start + prefix, start, start + length);
    this.#buffer.set(moved, start);
    return this;
  }

  uint32(value: number): this {
    this.#reserve(VARINT_BYTES);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
    return this;
  }

  /** Negative numbers take ten bytes, as those of 64 bits. */
  int32(value: number): this {
    return value < 0 ? this.int64(BigInt(value | 0)) : this.uint32(value);
  }

  sint32(value: number): this {
    return this.uint32((value << 1) ^ (value >> 31));
  }

  int64(value: bigint): this {
    return this.#varint64(BigInt.asUintN(64, value));
  }

  sint64(value: bigint): this {
    return this.#varint64(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  bool(value: boolean): this {
    this.#reserve(1);
    this.#buffer[this.#at++] = value ? 1 : 0;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#reserve(VARINT_BYTES + value.length);
    this.uint32(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  string(value: string): this {
    const { length } = value;
    if (length > SHORT_TEXT) return this.#longString(value);
    this.#reserve(1 + length);
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = length;
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return this.#longString(value);
      buffer[at++] = unit;
    }
    this.#at = at;
    return this;
  }

  #longString(value: string): this {
    const length = Buffer.byteLength(value);
    this.#reserve(VARINT_BYTES + length);
    this.uint32(length);
    this.#at += this.#buffer.write(value, this.#at, 'utf8');
    return this;
  }

  #varint64(value: bigint): this {
    this.#reserve(VARINT_BYTES);
    let rest = value;
    while (rest > 0x7fn) {
      this.#buffer[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#at++] = Number(rest);
    return this;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#buffer.length) return;
    // With room for what follows, so that a batch is copied once.
    const larger = Buffer.allocUnsafeSlow(Math.max(needed + SHARED_BYTES, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
