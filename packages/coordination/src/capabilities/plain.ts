import { isMap, isSet, isUint8Array } from 'node:util/types';
import { SerializationError } from '../errors.js';
import { CapabilityExtension } from './capabilities.js';
import { MAX_BYTES, MAX_DEPTH } from './limits.js';
import { FROZEN_SET, SET } from './oslo.js';

const LONE_SURROGATE = /\p{Surrogate}/u;
/** Steps of a place that an error names. */
const MAX_STEPS = 10;

/** Where a value stands: its nesting, and whether it is a member of a set. */
interface Place {
  readonly depth: number;
  readonly inSet: boolean;
}

/**
 * Makes of capabilities what the library writes as Python would: integers that need 64 bits are bigints and no others,
 * maps are objects without undefined properties, sets are extensions over the bytes that `encode` makes of their
 * members. What Python could not read again is refused with a `SerializationError` that names the place.
 */
export class PlainCapabilities {
  readonly #encode: (value: unknown) => Uint8Array;
  readonly #path: (string | number)[] = [];
  /** No less than this many bytes will be written: 1 for each value, and the units of texts. */
  #bytes = 0;

  constructor(encode: (value: unknown) => Uint8Array) {
    this.#encode = encode;
  }

  /** `value` for the library. */
  of(value: unknown): unknown {
    return this.#value(value, { depth: 0, inSet: false });
  }

  /** The error for a value that takes too many bytes. */
  tooMany(): SerializationError {
    return this.#refused(`goes over ${MAX_BYTES} bytes; keep large data elsewhere and say where`);
  }

  #value(value: unknown, place: Place): unknown {
    this.#count(1);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number.isSafeInteger(value) ? this.#integer(value) : value;
    if (typeof value === 'bigint') return this.#integer(value);
    if (typeof value === 'object') return this.#object(value, place);
    throw this.#refused(`is of type ${typeof value}; give null, or leave it out of its map`);
  }

  #object(value: object, place: Place): unknown {
    if (place.depth >= MAX_DEPTH) throw this.#refused(`is nested deeper than ${MAX_DEPTH}, or in itself`);
    if (isUint8Array(value)) return this.#counted(value);
    if (value instanceof CapabilityExtension) return this.#extension(value);
    if (isSet(value)) return this.#set([...value], place);
    if (place.inSet) throw this.#refused('is a list or a map in a Set, which Python cannot hold');
    if (Array.isArray(value)) return this.#array(value, place);
    if (isMap(value)) return this.#map(value, place);
    if (isPlain(value)) return this.#map(Object.entries(value), place);
    throw this.#refused(`is of class ${value.constructor?.name}; give text, a number or a plain object`);
  }

  /** The library writes numbers beyond 32 bits as floats, and every bigint in 64 bits. */
  #integer(value: number | bigint): number | bigint {
    if (value >= -0x80_00_00_00 && value <= 0xff_ff_ff_ff) return Number(value);
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return BigInt(value);
    throw this.#refused('is an integer of more than 64 bits; give it as text');
  }

  #text(value: string): string {
    if (LONE_SURROGATE.test(value)) throw this.#refused('has text with half a surrogate pair; give bytes');
    return this.#counted(value);
  }

  #array(values: readonly unknown[], { depth, inSet }: Place): unknown[] {
    const place: Place = { depth: depth + 1, inSet };
    const array: unknown[] = [];
    // Not map, which would leave holes.
    for (let i = 0; i < values.length; i++) array.push(this.#within(i, values[i], place));
    return array;
  }

  #map(entries: Iterable<readonly [unknown, unknown]>, { depth }: Place): Record<string, unknown> {
    const place: Place = { depth: depth + 1, inSet: false };
    const map: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      if (value === undefined) continue;
      if (typeof key !== 'string')
        throw this.#refused(`has a key of type ${typeof key}, and Python reads keys of text only`);
      if (key === '__proto__') throw this.#refused('has the key __proto__, which is not read; rename it');
      map[this.#text(key)] = this.#within(key, value, place);
    }
    return map;
  }

  /** A set in a set is a frozen one: Python has no others. */
  #set(members: readonly unknown[], { depth, inSet }: Place): CapabilityExtension {
    const list = this.#array(members, { depth, inSet: true });
    return new CapabilityExtension(inSet ? FROZEN_SET : SET, this.#encode(list));
  }

  #extension(extension: CapabilityExtension): CapabilityExtension {
    const { type, data } = extension;
    if (!Number.isInteger(type) || type < 0 || type > 0x7f)
      throw this.#refused(`is an extension of type ${type}; give a type from 0 to 127`);
    this.#counted(data);
    return extension;
  }

  #within(key: string | number, value: unknown, place: Place): unknown {
    this.#path.push(key);
    const plain = this.#value(value, place);
    this.#path.pop();
    return plain;
  }

  #counted<T extends { readonly length: number }>(data: T): T {
    this.#count(data.length);
    return data;
  }

  /** Ends the walk early, also where a list that is met many times would take forever. */
  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) throw this.tooMany();
  }

  #refused(why: string): SerializationError {
    const steps = this.#path
      .slice(0, MAX_STEPS)
      .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    return new SerializationError(
      `capabilities${steps.join('')}${this.#path.length > MAX_STEPS ? '…' : ''} ${why}`,
    );
  }
}

/** An object literal, also of another realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
