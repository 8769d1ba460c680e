/**
 * What a member tells its group about itself: any value that msgpack can hold and Python tooz can read. Usually a plain
 * object such as `{ weight: 2, host: 'a' }`.
 *
 * Written: integral numbers and `bigint` as integers (−0 as 0), other numbers as 64-bit floats, `Uint8Array` as bytes, arrays as
 * lists, `Map` (with keys of text) and plain objects as maps, properties that are `undefined` not at all.
 * Read: integers beyond ±(2^53 − 1) as `bigint`, others as numbers; maps as plain objects; keys and texts as text; the
 * types that oslo.serialization adds for Python as `decodeCapabilities` says.
 */
export type Capabilities =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CapabilityExtension
  | readonly Capability[]
  | ReadonlySet<Capability>
  | ReadonlyMap<string, Capability>
  | CapabilityMap;

/** A value within capabilities; at the top `null` means that the member has none. */
export type Capability = Capabilities | null;

/** Capabilities by name. */
export interface CapabilityMap {
  readonly [name: string]: Capability | undefined;
}

/**
 * A msgpack extension value as it is: read for types that have no counterpart here (Python's `itertools.count` has type
 * 2), written to give Python a type of its own (a UUID is type 0 over its 32 hex digits).
 */
export class CapabilityExtension {
  /** −128 to 127. Those below 0 are msgpack's own and are not written, since Python would read them as no plain value. */
  readonly type: number;
  readonly data: Uint8Array;

  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}
