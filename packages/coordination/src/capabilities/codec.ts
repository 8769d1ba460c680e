import type { Capabilities } from './capabilities.js';
import { osloValue } from './oslo.js';
import { MsgpackReader } from './reader.js';
import { MsgpackWriter } from './writer.js';

/**
 * The bytes in which a store keeps a member's capabilities: msgpack as Python tooz writes it. `null` and `undefined` are
 * a member without capabilities.
 *
 * Throws `SerializationError`, which names the place, for what Python could not read: objects of a class (a `Date`
 * among them), `undefined` in a list, keys that are not text, lists or maps in a `Set`, integers of more than 64 bits,
 * text with half a surrogate pair, nesting deeper than 511; and for more than 1 MiB.
 */
export function encodeCapabilities(value: Capabilities | null | undefined): Uint8Array {
  return new MsgpackWriter().write(value ?? null);
}

/**
 * Capabilities from a store's bytes; null for a member without (also in the form of tooz up to 8.1, empty bytes).
 *
 * What Python's types come to: UUID and IPv4 address text, set and frozenset a `Set`, date `2026-01-31`, datetime
 * `2026-01-31T10:00:00.000001[UTC]` (the zone's name only if it has one), bytes as a key the text form of ids; other
 * extensions a `CapabilityExtension`. Written again, texts stay texts and a frozenset becomes a set.
 *
 * Throws `SerializationError` for bytes that are not one such value.
 */
export function decodeCapabilities(bytes: Uint8Array): Capabilities | null {
  if (bytes.length === 2 && bytes[0] === 0xc4 && bytes[1] === 0) return null;
  return new MsgpackReader(bytes, osloValue).read();
}
