import type { EscapeStyle } from '../../src/parameters/index.js';

const ESCAPED: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t' };

/**
 * Reads the quoted text at the start of `sql` as an engine of this style would, character by character, and says what is
 * left after it. Shares nothing with the code that writes literals.
 */
export function readLiteral(sql: string, escapes: EscapeStyle): { text: string; rest: string } {
  if (sql[0] !== "'") throw new Error(`no literal at ${sql.slice(0, 20)}`);
  let text = '';
  for (let at = 1; at < sql.length; at += 1) {
    const character = sql.charAt(at);
    const next = sql.charAt(at + 1);
    if (escapes === 'backslash' && character === '\\') {
      text += ESCAPED[next] ?? next;
      at += 1;
    } else if (character !== "'") text += character;
    else if (escapes === 'standard' && next === "'") {
      text += "'";
      at += 1;
    } else return { text, rest: sql.slice(at + 1) };
  }
  throw new Error('the literal does not end');
}
