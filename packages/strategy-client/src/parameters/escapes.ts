/**
 * How an engine reads a quoted text. The two exclude each other: a text escaped for one can end early in the other, so
 * this must fit the engine.
 *
 * - `backslash`: `\'` is a quote and `\\` a backslash, as in the engine this client is made for.
 * - `standard`: `''` is a quote and a backslash is only a character, as in the SQL standard, SQLite and PostgreSQL.
 */
export type EscapeStyle = 'backslash' | 'standard';

export const ESCAPE_STYLES: readonly EscapeStyle[] = ['backslash', 'standard'];

/** The engine's own. */
export const DEFAULT_ESCAPES: EscapeStyle = 'backslash';

const BACKSLASHED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\r': '\\r',
  '\n': '\\n',
  '\t': '\\t',
};

/** A text as a quoted literal that an engine of this style reads back character for character. */
export function quotedText(text: string, escapes: EscapeStyle): string {
  if (escapes === 'standard') return `'${text.replaceAll("'", "''")}'`;
  return `'${text.replace(/[\\'\r\n\t]/g, (character) => BACKSLASHED[character] ?? character)}'`;
}
