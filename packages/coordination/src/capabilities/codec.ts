import { Decoder, Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import { SerializationError } from '../errors.js';
import { fromBytes } from '../ids.js';
import { type Capabilities, type Capability, CapabilityExtension } from './capabilities.js';
import { MAX_BYTES, MAX_DEPTH } from './limits.js';
import { osloValue } from './oslo.js';
import { PlainCapabilities } from './plain.js';
import { malformed, ShapeCheck } from './shape.js';

/** Extensions are read after the rest: a decoder that is called within its own call forgets `mapKeyConverter`. */
const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode: (value) => (value instanceof CapabilityExtension ? new ExtData(value.type, value.data) : null),
  decode: (data, type) => new CapabilityExtension(type, data),
};
// The encoder counts a value that is in nothing as 1 deep.
const encoder = new Encoder({ extensionCodec, useBigInt64: true, maxDepth: MAX_DEPTH + 1 });
const decoder = new Decoder({ extensionCodec, useBigInt64: true, mapKeyConverter: keyText });

/**
 * The bytes in which a store keeps a member's capabilities: msgpack as Python tooz writes it. `null` and `undefined` are
 * a member without capabilities.
 *
 * Throws `SerializationError`, which names the place, for what Python could not read: objects of a class (a `Date`
 * among them), `undefined` in a list, keys that are not text, lists or maps in a `Set`, integers of more than 64 bits,
 * text with half a surrogate pair, nesting deeper than 511; for the key `__proto__`; and for more than 1 MiB.
 */
export function encodeCapabilities(value: Capabilities | null | undefined): Uint8Array {
  const plain = new PlainCapabilities((list) => encoder.encode(list));
  const bytes = encoder.encode(plain.of(value ?? null));
  if (bytes.length > MAX_BYTES) throw plain.tooMany();
  return bytes;
}

/**
 * Capabilities from a store's bytes; null for a member without (also in the form of tooz up to 8.1, empty bytes).
 *
 * What Python's types come to: UUID and IPv4 address text, set and frozenset a `Set`, date `2026-01-31`, datetime
 * `2026-01-31T10:00:00.000001[UTC]` (the zone's name only if it has one), bytes as a key the text form of ids; other
 * extensions a `CapabilityExtension`. Written again, texts stay texts and a frozenset becomes a set. A text of more than
 * 200 bytes is read without a byte order mark at its beginning.
 *
 * Throws `SerializationError` for bytes that are not one such value, and for the key `__proto__`.
 */
export function decodeCapabilities(bytes: Uint8Array): Capabilities | null {
  if (bytes.length === 2 && bytes[0] === 0xc4 && bytes[1] === 0) return null;
  return read(bytes, 0);
}

function read(bytes: Uint8Array, depth: number): Capability {
  try {
    const shape = new ShapeCheck(bytes);
    shape.run(depth);
    const value = decoder.decode(bytes);
    // Most capabilities are text and small numbers: what came of those is looked at no further.
    return shape.isFinal ? (value as Capability) : finished(value, depth);
  } catch (error) {
    if (error instanceof SerializationError || !(error instanceof Error)) throw error;
    throw malformed(error.message, { cause: error });
  }
}

/** Gives values of the library the types that they have here. Bytes are copied: they may belong to a larger buffer. */
function finished(value: unknown, depth: number): Capability {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    default:
      return value === null || value === undefined ? null : finishedObject(value, depth);
  }
}

function finishedObject(value: object, depth: number): Capability {
  if (Array.isArray(value)) return value.map((each) => finished(each, depth + 1));
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof CapabilityExtension) {
    const known = osloValue(value, (bytes) => read(bytes, depth + 1));
    return known === value ? new CapabilityExtension(value.type, new Uint8Array(value.data)) : known;
  }
  const map: Record<string, Capability> = {};
  for (const [key, each] of Object.entries(value)) map[key] = finished(each, depth + 1);
  return map;
}

/** What Python takes as a key: text, or bytes, which appear in the text form of ids. */
function keyText(key: unknown): string {
  const text = key instanceof Uint8Array ? fromBytes(key) : key;
  if (typeof text !== 'string') throw malformed(`a key is ${typeof key}, and Python reads keys of text only`);
  // The library refuses it as text only. Assigned to, it would change the prototype.
  if (text === '__proto__') throw malformed('the key __proto__ is not allowed');
  return text;
}
