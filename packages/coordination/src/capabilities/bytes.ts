import { MAX_BYTES } from './limits.js';

const FIRST_BYTES = 256;

/** Heads of the forms whose number takes 1, 2 or 4 bytes; 0 where there is no such form. */
type Heads = readonly [number, number, number];
const UNSIGNED: Heads = [0xcc, 0xcd, 0xce];
const TEXT: Heads = [0xd9, 0xda, 0xdb];
const BINARY: Heads = [0xc4, 0xc5, 0xc6];
const ARRAY: Heads = [0, 0xdc, 0xdd];
const MAP: Heads = [0, 0xde, 0xdf];
const EXTENSION: Heads = [0xc7, 0xc8, 0xc9];
/** Heads of extensions whose length needs no number. */
const FIXED_EXTENSION: ReadonlyMap<number, number> = new Map([
  [1, 0xd4],
  [2, 0xd5],
  [4, 0xd6],
  [8, 0xd7],
  [16, 0xd8],
]);

/** Msgpack as it grows: each form in as few bytes as it has. */
export class MsgpackBytes {
  readonly #tooMany: () => Error;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** `tooMany` makes the error for more than `MAX_BYTES`. */
  constructor(tooMany: () => Error) {
    this.#tooMany = tooMany;
  }

  /** What was written so far: a view that the next writing may change. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  null(): void {
    this.#byte(0xc0);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  float(value: number): void {
    const at = this.#head(0xcb, 8);
    this.#bytes.writeDoubleBE(value, at);
  }

  /** An integer within ±(2^53 − 1). */
  integer(value: number): void {
    if (value >= -0x20 && value < 0x80) this.#byte(value & 0xff);
    else if (value > 0xff_ff_ff_ff || value < -0x80_00_00_00) this.wide(BigInt(value));
    else if (value > 0) this.#sized(UNSIGNED, value);
    else this.#negative(value);
  }

  /** An integer that needs 64 bits. */
  wide(value: bigint): void {
    const at = this.#head(value < 0n ? 0xd3 : 0xcf, 8);
    if (value < 0n) this.#bytes.writeBigInt64BE(value, at);
    else this.#bytes.writeBigUInt64BE(value, at);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    if (length < 0x20) this.#byte(0xa0 | length);
    else this.#sized(TEXT, length);
    const at = this.#room(length);
    this.#bytes.write(value, at);
  }

  binary(value: Uint8Array): void {
    this.#sized(BINARY, value.length);
    this.#all(value);
  }

  /** The head of a list; so many values follow. */
  array(length: number): void {
    if (length < 0x10) this.#byte(0x90 | length);
    else this.#sized(ARRAY, length);
  }

  /** The head of a map; so many keys and values follow in turn. */
  map(size: number): void {
    if (size < 0x10) this.#byte(0x80 | size);
    else this.#sized(MAP, size);
  }

  extension(type: number, data: Uint8Array): void {
    const head = FIXED_EXTENSION.get(data.length);
    if (head === undefined) this.#sized(EXTENSION, data.length);
    else this.#byte(head);
    this.#byte(type);
    this.#all(data);
  }

  #negative(value: number): void {
    if (value >= -0x80) {
      const at = this.#head(0xd0, 1);
      this.#bytes.writeInt8(value, at);
    } else if (value >= -0x80_00) {
      const at = this.#head(0xd1, 2);
      this.#bytes.writeInt16BE(value, at);
    } else {
      const at = this.#head(0xd2, 4);
      this.#bytes.writeInt32BE(value, at);
    }
  }

  #sized(heads: Heads, value: number): void {
    const size = value <= 0xff && heads[0] !== 0 ? 1 : value <= 0xff_ff ? 2 : 4;
    const at = this.#head(size === 1 ? heads[0] : size === 2 ? heads[1] : heads[2], size);
    this.#bytes.writeUIntBE(value, at, size);
  }

  #byte(byte: number): void {
    const at = this.#room(1);
    this.#bytes[at] = byte;
  }

  #all(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A head, and room for what follows it; where that begins. */
  #head(head: number, room: number): number {
    this.#byte(head);
    return this.#room(room);
  }

  /** Room for so many bytes, maybe in another buffer; where it begins. */
  #room(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > MAX_BYTES) throw this.#tooMany();
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}
