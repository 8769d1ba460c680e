import { isUtf8 } from 'node:buffer';
import { isUint8Array } from 'node:util/types';
import { CoordinationError } from './errors.js';

/** An id as a caller gives it: text, which is written as UTF-8, or bytes. */
export type Id = string | Uint8Array;

/** Longer ids are refused: every driver stores them whole, and a longer one is a mistake. */
const MAX_ID_BYTES = 1024;
/** Bytes that are no UTF-8 appear as U+DC80–U+DCFF, as Python's `surrogateescape` has it. */
const ESCAPE_BASE = 0xdc00;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The text form of an id, in which this package holds and returns it: bytes that are not UTF-8 become lone surrogates
 * U+DC80–U+DCFF, one for each byte, and back, so that every byte string has exactly one text and the other way round.
 * Throws `INVALID_ARGUMENT`, which names the id as `what`, unless it has 1 to 1,024 bytes.
 */
export function idText(what: string, id: Id): string {
  if (typeof id === 'string') return textOfText(what, id);
  if (!isUint8Array(id))
    throw new CoordinationError(
      'INVALID_ARGUMENT',
      `${what} is of type ${typeof id}; give text or a Uint8Array`,
    );
  checkLength(what, id.length);
  return fromBytes(id);
}

/** The bytes of an id's text form. */
export function idBytes(text: string): Buffer {
  if (isPlain(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  for (const character of text)
    parts.push(
      isEscape(character) ? Buffer.of(character.charCodeAt(0) - ESCAPE_BASE) : Buffer.from(character),
    );
  return Buffer.concat(parts);
}

/** The text form of the bytes of an id. */
export function fromBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  let text = '';
  for (let at = 0; at < buffer.length; ) {
    const length = characterLength(buffer, at);
    text +=
      length === 0
        ? String.fromCharCode(ESCAPE_BASE + (buffer[at] ?? 0))
        : buffer.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes of the well-formed UTF-8 character that begins at `at`, 0 if none does. */
function characterLength(buffer: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= buffer.length; length++)
    if (isUtf8(buffer.subarray(at, at + length))) return length;
  return 0;
}

/** The one text form of these bytes, also when escapes were given for bytes that are UTF-8. */
function textOfText(what: string, text: string): string {
  // No unit of a text takes less than a byte: a text that is far too long is not looked at any further.
  checkLength(what, text.length);
  if (isPlain(text)) {
    checkLength(what, Buffer.byteLength(text));
    return text;
  }
  for (const character of text)
    if (LONE_SURROGATE.test(character) && !isEscape(character))
      throw new CoordinationError(
        'INVALID_ARGUMENT',
        `${what} ${JSON.stringify(text)} holds half a surrogate pair; give well-formed text, or bytes`,
      );
  const bytes = idBytes(text);
  checkLength(what, bytes.length);
  return fromBytes(bytes);
}

function checkLength(what: string, bytes: number): void {
  if (bytes >= 1 && bytes <= MAX_ID_BYTES) return;
  const size = bytes === 0 ? 'is empty' : `has ${bytes} bytes or more`;
  throw new CoordinationError('INVALID_ARGUMENT', `${what} ${size}; give 1 to ${MAX_ID_BYTES} bytes`);
}

const isPlain = (text: string): boolean => !LONE_SURROGATE.test(text);

function isEscape(character: string): boolean {
  const code = character.charCodeAt(0);
  return character.length === 1 && code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff;
}
