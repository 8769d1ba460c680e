import { isMap, isSet, isUint8Array } from 'node:util/types';
import { SerializationError } from '../errors.js';
import { MsgpackBytes } from './bytes.js';
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
 * Writes one value as msgpack, so that the bytes are those that Python writes. What Python could not read again is
 * refused with a `SerializationError` that names the place.
 */
export class MsgpackWriter {
  readonly #path: (string | number)[];
  readonly #out: MsgpackBytes = new MsgpackBytes(() =>
    this.#refused(`goes over ${MAX_BYTES} bytes; keep large data elsewhere and say where`),
  );

  constructor(path: readonly (string | number)[] = []) {
    this.#path = [...path];
  }

  /** The bytes of `value`. */
  write(value: unknown): Uint8Array {
    this.#value(value, { depth: 0, inSet: false });
    return new Uint8Array(this.#out.written);
  }

  #value(value: unknown, place: Place): void {
    if (value === null) this.#out.null();
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#out.boolean(value);
    else if (typeof value === 'bigint') this.#bigint(value);
    else if (typeof value === 'object') this.#object(value, place);
    else throw this.#refused(`is of type ${typeof value}; give null, or leave it out of its map`);
  }

  #object(value: object, place: Place): void {
    if (place.depth >= MAX_DEPTH) throw this.#refused(`is nested deeper than ${MAX_DEPTH}, or in itself`);
    if (isUint8Array(value)) this.#out.binary(value);
    else if (value instanceof CapabilityExtension) this.#extension(value);
    else if (isSet(value)) this.#set([...value], place);
    else if (place.inSet) throw this.#refused('is a list or a map in a Set, which Python cannot hold');
    else if (Array.isArray(value)) this.#array(value, place);
    else if (isMap(value)) this.#map([...value], place);
    else if (isPlain(value)) this.#map(Object.entries(value), place);
    else throw this.#refused(`is of class ${value.constructor?.name}; give text, a number or a plain object`);
  }

  #number(value: number): void {
    // As an integer, -0 would come back as 0.
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#out.integer(value);
    else this.#out.float(value);
  }

  #bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.#out.integer(number);
    else if (value >= -(2n ** 63n) && value < 2n ** 64n) this.#out.wide(value);
    else throw this.#refused('is an integer of more than 64 bits; give it as text');
  }

  #text(value: string): void {
    if (LONE_SURROGATE.test(value)) throw this.#refused('has text with half a surrogate pair; give bytes');
    this.#out.text(value);
  }

  #array(values: readonly unknown[], { depth, inSet }: Place): void {
    this.#out.array(values.length);
    for (let i = 0; i < values.length; i++) this.#within(i, values[i], { depth: depth + 1, inSet });
  }

  #map(entries: readonly (readonly [unknown, unknown])[], { depth }: Place): void {
    const present = entries.filter(([, value]) => value !== undefined);
    this.#out.map(present.length);
    for (const [key, value] of present) {
      if (typeof key !== 'string')
        throw this.#refused(`has a key of type ${typeof key}, and Python reads keys of text only`);
      this.#text(key);
      this.#within(key, value, { depth: depth + 1, inSet: false });
    }
  }

  /** A set in a set is a frozen one: Python has no others. */
  #set(members: readonly unknown[], { depth, inSet }: Place): void {
    const list = new MsgpackWriter(this.#path);
    list.#array(members, { depth, inSet: true });
    this.#out.extension(inSet ? FROZEN_SET : SET, list.#out.written);
  }

  #extension({ type, data }: CapabilityExtension): void {
    if (!Number.isInteger(type) || type < 0 || type > 0x7f)
      throw this.#refused(`is an extension of type ${type}; give a type from 0 to 127`);
    this.#out.extension(type, data);
  }

  #within(key: string | number, value: unknown, place: Place): void {
    this.#path.push(key);
    this.#value(value, place);
    this.#path.pop();
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
