import { MalformedBytes } from '../../errors.js';

/** Reads big-endian numbers one after another. Every claim of a length is checked against the bytes that remain. */
export class ByteReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the next read starts. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Moves on by that many bytes and returns where they start. `what` names them in the error. */
  take(count: number, what: string): number {
    const start = this.offset;
    if (count > this.bytes.length - start) throw new MalformedBytes(`${what} is cut off`, start);
    this.offset = start + count;
    return start;
  }

  u8(what: string): number {
    return this.view.getUint8(this.take(1, what));
  }

  u16(what: string): number {
    return this.view.getUint16(this.take(2, what));
  }

  i16(what: string): number {
    return this.view.getInt16(this.take(2, what));
  }

  i32(what: string): number {
    return this.view.getInt32(this.take(4, what));
  }

  i64(what: string): bigint {
    return this.view.getBigInt64(this.take(8, what));
  }

  /** A count of things of at least `leastBytes` each, all of which can still be there. */
  count(leastBytes: number, what: string): number {
    const start = this.offset;
    const count = this.i32(what);
    if (count < 0) throw new MalformedBytes(`${what} has the negative length ${count}`, start);
    if (count * leastBytes > this.bytes.length - this.offset) {
      throw new MalformedBytes(
        `${what} claims ${count} elements, more than the bytes that are left hold`,
        start,
      );
    }
    return count;
  }
}
