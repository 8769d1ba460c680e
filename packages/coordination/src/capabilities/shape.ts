import { isUtf8 } from 'node:buffer';
import { SerializationError } from '../errors.js';
import { MAX_DEPTH } from './limits.js';

/** How many bytes follow each head from c0 to df before its data or its values begin. */
const FOLLOWING: readonly number[] = [
  ...[0, 0, 0, 0, 1, 2, 4, 2, 3, 5, 4, 8, 1, 2, 4, 8],
  ...[1, 2, 4, 8, 2, 3, 5, 9, 17, 1, 2, 4, 2, 4, 2, 4],
];

/**
 * Refuses bytes that the library must not be given. It makes room for as many values as a list claims to have, at any
 * nesting: 20 kB of heads of lists would take gigabytes. It also reads text that is not UTF-8 as some other text.
 * What the values are is left to the library.
 */
export class ShapeCheck {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Values that are claimed and did not come yet: each takes a byte at least. */
  #pending = 0;
  #isFinal = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all values are of types that the library reads as they are to be: no wide integers, bytes or extensions. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** Throws `SerializationError` unless the bytes are in form one value, nested no deeper than `MAX_DEPTH`. */
  run(outerDepth: number): void {
    this.#values(1, outerDepth);
    if (this.#at === this.#bytes.length) return;
    throw malformed(`${this.#bytes.length - this.#at} bytes follow after the value`);
  }

  #values(count: number, depth: number): void {
    this.#pending += count;
    if (this.#pending > this.#bytes.length - this.#at)
      throw malformed(`${this.#pending} values wanted at ${this.#at}, of ${this.#bytes.length} bytes`);
    if (depth > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH}`);
    for (let i = 0; i < count; i++) this.#value(depth);
  }

  #value(depth: number): void {
    this.#pending--;
    const head = this.#bytes[this.#skip(1)] ?? 0;
    if (head < 0x80 || head >= 0xe0) return;
    if (head < 0x90) this.#values(2 * (head & 0x0f), depth + 1);
    else if (head < 0xa0) this.#values(head & 0x0f, depth + 1);
    else if (head < 0xc0) this.#text(head & 0x1f);
    else this.#long(head, FOLLOWING[head - 0xc0] ?? 0, depth);
  }

  #long(head: number, following: number, depth: number): void {
    if (head >= 0xde) this.#values(2 * this.#number(following), depth + 1);
    else if (head >= 0xdc) this.#values(this.#number(following), depth + 1);
    else if (head >= 0xd9) this.#text(this.#number(following));
    else this.#single(head, following);
  }

  /** Everything but text, lists and maps. */
  #single(head: number, following: number): void {
    if (head === 0xcf || head === 0xd3 || (head >= 0xc4 && head <= 0xc9) || (head >= 0xd4 && head <= 0xd8))
      this.#isFinal = false;
    if (head >= 0xc4 && head <= 0xc6) this.#skip(this.#number(following));
    else if (head >= 0xc7 && head <= 0xc9) this.#skip(this.#number(following - 1) + 1);
    else this.#skip(following);
  }

  #number(size: number): number {
    const start = this.#skip(size);
    let number = 0;
    for (let at = start; at < this.#at; at++) number = number * 0x100 + (this.#bytes[at] ?? 0);
    return number;
  }

  #text(length: number): void {
    const start = this.#skip(length);
    if (this.#isAscii(start) || isUtf8(this.#bytes.subarray(start, this.#at))) return;
    throw malformed(`the text at ${start} is not UTF-8`);
  }

  /** Most texts are short: a loop over them takes less time than a call of the runtime. */
  #isAscii(start: number): boolean {
    for (let at = start; at < this.#at; at++) if ((this.#bytes[at] ?? 0) >= 0x80) return false;
    return true;
  }

  /** Moves over `count` bytes; where they begin. */
  #skip(count: number): number {
    const start = this.#at;
    this.#at += count;
    if (this.#at <= this.#bytes.length) return start;
    throw malformed(`${count} bytes wanted at ${start}, of ${this.#bytes.length}`);
  }
}

/** The error for bytes that cannot be read. */
export const malformed = (why: string, options?: ErrorOptions): SerializationError =>
  new SerializationError(`the capabilities are not msgpack that can be read: ${why}`, options);
