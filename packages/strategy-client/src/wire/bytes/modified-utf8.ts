import { isWellFormed } from './utf8.js';

/**
 * The text of bytes in Java's modified UTF-8, or `undefined` if they are not that: NUL is C0 80, and a character beyond
 * FFFF is two surrogates of three bytes each. Half of such a pair is refused, for no text can hold it.
 */
export function modifiedUtf8Text(bytes: Uint8Array): string | undefined {
  const units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const unit = unitAt(bytes, at);
    if (unit === undefined) return undefined;
    units.push(unit.code);
    at += unit.length;
  }
  const text = Buffer.from(Uint16Array.from(units).buffer).toString('utf16le');
  return isWellFormed(text) ? text : undefined;
}

interface CodeUnit {
  readonly code: number;
  readonly length: number;
}

/** The UTF-16 code unit that starts here. */
function unitAt(bytes: Uint8Array, at: number): CodeUnit | undefined {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const second = continuation(bytes[at + 1]);
  if (second === undefined) return undefined;
  if (first >> 5 === 0b110) {
    const code = ((first & 0x1f) << 6) | second;
    return code >= 0x80 || code === 0 ? { code, length: 2 } : undefined;
  }
  const third = continuation(bytes[at + 2]);
  if (first >> 4 !== 0b1110 || third === undefined) return undefined;
  const code = ((first & 0x0f) << 12) | (second << 6) | third;
  return code >= 0x800 ? { code, length: 3 } : undefined;
}

/** The six bits of a byte that continues a sequence. */
function continuation(byte: number | undefined): number | undefined {
  return byte !== undefined && byte >> 6 === 0b10 ? byte & 0x3f : undefined;
}
