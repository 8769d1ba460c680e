/** Control characters, and those that turn the direction of writing; a terminal would obey them. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const ID_LENGTH = 120;

/**
 * An id or a node's words as a terminal may show them: on one line, with control characters spelled out, cut at
 * `maxLength` characters (120 by default). Records of others may have any id.
 */
export function printable(text: string, maxLength: number = ID_LENGTH): string {
  const safe = text.replace(UNSAFE, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return safe.length > maxLength ? `${safe.slice(0, maxLength - 1)}…` : safe;
}
