import { StrategyClientError } from '../../errors.js';
import { MAX_ENCODED_BYTES } from '../limits.js';

const FIRST_BYTES = 4_096;

/** Writes big-endian numbers one after another into a buffer that grows. */
export class ByteWriter {
  #bytes: Buffer = Buffer.alloc(FIRST_BYTES);
  #view: DataView = viewOf(this.#bytes);
  #length = 0;

  u8(value: number): void {
    const start = this.#room(1);
    this.#view.setUint8(start, value);
  }

  u16(value: number): void {
    const start = this.#room(2);
    this.#view.setUint16(start, value);
  }

  i32(value: number): void {
    const start = this.#room(4);
    this.#view.setInt32(start, value);
  }

  i64(value: bigint): void {
    const start = this.#room(8);
    this.#view.setBigInt64(start, value);
  }

  double(value: number): void {
    const start = this.#room(8);
    this.#view.setFloat64(start, value);
  }

  bytes(value: Uint8Array): void {
    const start = this.#room(value.length);
    this.#bytes.set(value, start);
  }

  /** UTF-8 text of that many bytes, as `Buffer.byteLength` counts them. */
  text(value: string, byteLength: number): void {
    const start = this.#room(byteLength);
    this.#bytes.write(value, start, 'utf8');
  }

  /** What was written, as bytes of their own. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  /** Makes room for that many bytes and returns where they go. Afterwards the buffer may be another one. */
  #room(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return start;
  }

  #grow(least: number): void {
    if (least > MAX_ENCODED_BYTES) {
      throw new StrategyClientError(
        'MESSAGE_TOO_LARGE',
        `encoding takes more than ${MAX_ENCODED_BYTES} bytes; encode fewer rows into one batch`,
      );
    }
    const grown = Buffer.alloc(Math.max(least, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
