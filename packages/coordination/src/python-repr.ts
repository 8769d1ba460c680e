const NAMED: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/**
 * What Python makes of bytes as text (`b'…'`): tooz up to 8.1 writes that into the keys of locks (redis-layout 5.8), and its
 * partitioner places bytes by it.
 */
export function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  let text = '';
  for (const byte of bytes) text += escaped(byte, quote);
  return `b${quote}${text}${quote}`;
}

function escaped(byte: number, quote: string): string {
  const character = String.fromCharCode(byte);
  if (character === quote) return `\\${quote}`;
  if (byte in NAMED) return NAMED[byte] ?? '';
  return byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
}
