import { SqlError } from './sql-error.js';

/** A piece of a statement. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'blob' | 'number' | 'parameter' | 'symbol';
  /** The piece as SQLite is to read it. */
  readonly text: string;
  /** White space before it; a comment counts as a blank. */
  readonly before: string;
  /** A word or a quoted name without its quotes in lower case, else ''. */
  readonly name: string;
}

const SPACE = /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y;
const BLOB = /[xX]'[0-9a-fA-F]*'/y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /'(?:[^'\\]|''|\\[\s\S])*'/y;
const QUOTED = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y;
const NAMED_PARAMETER = /[:@$][\p{L}\p{N}_]+|\?\d+/uy;

/** Escapes of the engine's dialect; any other backslash stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Cuts a statement into tokens. String literals may have the backslash escapes that clients of the engine write
 * (`\'`, `\\`, `\"`, `\n`, `\r`, `\t`), which SQLite does not know, as well as a doubled quote.
 *
 * @throws SqlError for what never ends, and for parameters other than `?`.
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let before = '';
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  while (at < sql.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      before += /^\s/.test(space) ? space : ' ';
      continue;
    }
    tokens.push({ ...nextToken(sql, at, take), before });
    before = '';
  }
  return tokens;
}

function nextToken(
  sql: string,
  at: number,
  take: (pattern: RegExp) => string | undefined,
): Omit<Token, 'before'> {
  const blob = take(BLOB);
  if (blob !== undefined) return { kind: 'blob', text: blob, name: '' };
  const word = take(WORD);
  if (word !== undefined) return { kind: 'word', text: word, name: word.toLowerCase() };
  const number = take(NUMBER);
  if (number !== undefined) return { kind: 'number', text: number, name: '' };
  const string = take(STRING);
  if (string !== undefined) return { kind: 'string', text: standardString(string), name: '' };
  const quoted = take(QUOTED);
  if (quoted !== undefined) return { kind: 'quoted', text: quoted, name: unquote(quoted).toLowerCase() };
  const named = take(NAMED_PARAMETER);
  if (named !== undefined)
    throw new SqlError(`parameter ${named} has a name; use ? and give values by index`);
  const symbol = take(/[\s\S]/uy) ?? '';
  if ('\'"`['.includes(symbol)) throw new SqlError(`the ${symbol} at character ${at + 1} is never closed`);
  if (symbol === '/' && sql[at + 1] === '*') {
    throw new SqlError(`the comment at character ${at + 1} is never closed`);
  }
  return { kind: symbol === '?' ? 'parameter' : 'symbol', text: symbol, name: '' };
}

/** The text of tokens, as it goes to SQLite. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ before, text }) => before + text).join('');
}

function standardString(literal: string): string {
  const value = literal.slice(1, -1).replaceAll("''", "'");
  const plain = value.replace(/\\([\s\S])/g, (both, char: string) => ESCAPES[char] ?? both);
  return `'${plain.replaceAll("'", "''")}'`;
}

function unquote(name: string): string {
  const quote = name.charAt(0);
  const inner = name.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}
