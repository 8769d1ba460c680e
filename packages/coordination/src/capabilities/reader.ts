import { isUtf8 } from 'node:buffer';
import { SerializationError } from '../errors.js';
import { fromBytes } from '../ids.js';
import { type Capability, CapabilityExtension } from './capabilities.js';
import { MAX_DEPTH } from './limits.js';
import { RecentKeys } from './recent-keys.js';

/** Makes a value of an extension; `read` reads msgpack within its data. */
export type ReadExtension = (
  extension: CapabilityExtension,
  read: (bytes: Uint8Array) => Capability,
) => Capability;

/** Up to this length a loop over the bytes is faster than a call of the runtime. */
const SHORT_TEXT_BYTES = 24;

/** Members of a group have mostly the same keys; finding one again costs a third of making it. */
const recentKeys = new RecentKeys();

/**
 * Reads one msgpack value. Bytes come from whoever has joined the group: no length is believed before as many bytes are
 * there, and nesting is bounded, so that a few bytes cannot take the reader's memory or stack.
 */
export class MsgpackReader {
  readonly #bytes: Buffer;
  readonly #extension: ReadExtension;
  readonly #outerDepth: number;
  #at = 0;

  constructor(bytes: Uint8Array, extension: ReadExtension, outerDepth = 0) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#extension = extension;
    this.#outerDepth = outerDepth;
  }

  /** The only value in these bytes. Throws `SerializationError`. */
  read(): Capability {
    const value = this.#value(this.#outerDepth);
    if (this.#at === this.#bytes.length) return value;
    throw malformed(`${this.#bytes.length - this.#at} bytes follow after the value`);
  }

  #value(depth: number): Capability {
    const head = this.#bytes[this.#take(1)] ?? 0;
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#length(head - 0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extended(this.#length(head - 0xc7), depth);
      case 0xca:
        return this.#bytes.readFloatBE(this.#take(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#length(head - 0xcc);
      case 0xcf:
        return exact(this.#bytes.readBigUInt64BE(this.#take(8)));
      case 0xd0:
        return this.#bytes.readInt8(this.#take(1));
      case 0xd1:
        return this.#bytes.readInt16BE(this.#take(2));
      case 0xd2:
        return this.#bytes.readInt32BE(this.#take(4));
      case 0xd3:
        return exact(this.#bytes.readBigInt64BE(this.#take(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#length(head - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#length(head - 0xdb), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#length(head - 0xdd), depth);
      case 0xc1:
        throw malformed(`byte c1 at ${this.#at - 1} begins no value`);
      default:
        return this.#extended(1 << (head - 0xd4), depth);
    }
  }

  /** Moves over `count` bytes; where they begin. */
  #take(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at)
      throw malformed(`${count} bytes wanted at ${at}, of ${this.#bytes.length}`);
    this.#at = at + count;
    return at;
  }

  /** An unsigned integer of 1, 2 or 4 bytes (`size` 0, 1, 2). */
  #length(size: number): number {
    if (size === 0) return this.#bytes[this.#take(1)] ?? 0;
    return size === 1 ? this.#bytes.readUInt16BE(this.#take(2)) : this.#bytes.readUInt32BE(this.#take(4));
  }

  #array(length: number, depth: number): Capability[] {
    this.#enter(length, depth);
    const array: Capability[] = [];
    for (let i = 0; i < length; i++) array.push(this.#value(depth + 1));
    return array;
  }

  #map(size: number, depth: number): Record<string, Capability> {
    this.#enter(2 * size, depth);
    const map: Record<string, Capability> = {};
    for (let i = 0; i < size; i++) {
      const key = this.#key(depth + 1);
      const value = this.#value(depth + 1);
      if (key === '__proto__') define(map, key, value);
      else map[key] = value;
    }
    return map;
  }

  /** What Python takes as a key: text, or bytes, which appear in the text form of ids. */
  #key(depth: number): string {
    const at = this.#at;
    const head = this.#bytes[at] ?? 0;
    if (head >= 0xa0 && head < 0xc0) {
      this.#at = at + 1;
      return this.#shortKey(head & 0x1f);
    }
    const key = this.#value(depth);
    if (typeof key === 'string') return key;
    if (key instanceof Uint8Array) return fromBytes(key);
    throw malformed(`the key at ${at} is ${typeof key}, and Python reads keys of text only`);
  }

  #shortKey(length: number): string {
    const start = this.#take(length);
    const known = recentKeys.find(this.#bytes, start, this.#at);
    if (known !== undefined) return known;
    this.#at = start;
    const key = this.#text(length);
    recentKeys.keep(key, this.#bytes, start, this.#at);
    return key;
  }

  /** Each of the `values` to come takes a byte at least. */
  #enter(values: number, depth: number): void {
    if (values > this.#bytes.length - this.#at)
      throw malformed(`${values} values wanted at ${this.#at}, of ${this.#bytes.length} bytes`);
    if (depth >= MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH}`);
  }

  #text(length: number): string {
    const start = this.#take(length);
    const end = this.#at;
    if (length <= SHORT_TEXT_BYTES) {
      let text = '';
      let at = start;
      for (; at < end; at++) {
        const byte = this.#bytes[at] ?? 0x80;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (at === end) return text;
    }
    if (isUtf8(this.#bytes.subarray(start, end))) return this.#bytes.toString('utf8', start, end);
    throw malformed(`the text at ${start} is not UTF-8`);
  }

  /** A copy: the bytes read from may belong to a larger buffer. */
  #binary(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#bytes.subarray(start, this.#at));
  }

  #extended(length: number, depth: number): Capability {
    const type = this.#bytes.readInt8(this.#take(1));
    const start = this.#take(length);
    this.#enter(0, depth);
    const extension = new CapabilityExtension(type, this.#bytes.subarray(start, this.#at));
    const value = this.#extension(extension, (bytes) =>
      new MsgpackReader(bytes, this.#extension, depth + 1).read(),
    );
    // Only what is handed out is copied: nested sets would copy their members once for each level.
    return value === extension ? new CapabilityExtension(type, new Uint8Array(extension.data)) : value;
  }
}

function exact(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** Assigning to `__proto__` would change the prototype instead. */
function define(map: Record<string, Capability>, key: string, value: Capability): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

const malformed = (what: string): SerializationError =>
  new SerializationError(`the capabilities are not msgpack that can be read: ${what}`);
