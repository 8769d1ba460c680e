import { isUint8Array } from 'node:util/types';
import { CoordinationError } from '../errors.js';
import { idBytes } from '../ids.js';
import { pythonRepr } from '../python-repr.js';

/** An object that says by which bytes it is placed: what `__tooz_hash__` is in Python. */
export interface ToozHashable {
  toozHash(): Uint8Array;
}

/**
 * What a partitioner places. Python places it on the same member: an object by its `toozHash()` (there
 * `__tooz_hash__()`), text by its UTF-8, anything else by its text. Whole numbers have the same text in both languages,
 * and bytes get the one that Python gives them (`b'…'`); of other objects only those that have a text of their own.
 */
export type PartitionKey = string | number | bigint | Uint8Array | ToozHashable | { toString(): string };

/** The bytes by which an object is placed. Throws `INVALID_ARGUMENT` for what has no text that tells it from others. */
export function partitionBytes(object: PartitionKey): Uint8Array {
  if (typeof object === 'string') return idBytes(object);
  if (isUint8Array(object)) return Buffer.from(pythonRepr(object));
  if (isHashable(object)) return hashOf(object);
  const text = String(object);
  if (typeof object === 'number' || typeof object === 'bigint') return Buffer.from(text);
  if (typeof object === 'object' && object !== null && !text.startsWith('[object ')) return idBytes(text);
  throw refused(text);
}

function isHashable(object: unknown): object is ToozHashable {
  return (
    typeof object === 'object' &&
    object !== null &&
    'toozHash' in object &&
    typeof object.toozHash === 'function'
  );
}

function hashOf(object: ToozHashable): Uint8Array {
  const bytes: unknown = object.toozHash();
  if (isUint8Array(bytes)) return bytes;
  throw new CoordinationError('INVALID_ARGUMENT', `toozHash() returned ${typeof bytes}; return a Uint8Array`);
}

const refused = (text: string): CoordinationError =>
  new CoordinationError(
    'INVALID_ARGUMENT',
    `${text} cannot be placed: its text does not tell it from others, or is another in Python; give text, or an object with toozHash()`,
  );
