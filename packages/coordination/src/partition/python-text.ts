/** How Python's `repr` writes the bytes that stand for something else between quotes. */
const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x5c, '\\\\'],
]);
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;

/** What `str(value)` is in Python for a bytes object: `b'…'`. */
export function pythonTextOfBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(SINGLE_QUOTE) && !bytes.includes(DOUBLE_QUOTE) ? DOUBLE_QUOTE : SINGLE_QUOTE;
  const mark = String.fromCharCode(quote);
  return `b${mark}${Array.from(bytes, (byte) => written(byte, quote)).join('')}${mark}`;
}

function written(byte: number, quote: number): string {
  if (byte === quote) return `\\${String.fromCharCode(byte)}`;
  const escaped = ESCAPES.get(byte);
  if (escaped !== undefined) return escaped;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
