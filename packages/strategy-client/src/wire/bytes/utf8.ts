import { isUtf8 } from 'node:buffer';

/** What decoding puts in the place of bytes that are not UTF-8; a text may hold it in its own right. */
const REPLACEMENT = '\uFFFD';

/** The text of these bytes, or `undefined` if they are not UTF-8. */
export function utf8Text(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('utf8', start, end);
  if (text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) return undefined;
  return text;
}

/** Whether UTF-8 can carry the text: it has no half of a surrogate pair without the other. */
export function isWellFormed(text: string): boolean {
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii || !/\p{Surrogate}/u.test(text);
}
