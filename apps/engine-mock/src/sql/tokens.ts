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

/** The pieces of a statement, one group each; what no group before the last takes is a single character. */
const PIECE = new RegExp(
  [
    /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<blob>[xX]'[0-9a-fA-F]*')/,
    /(?<word>[\p{L}_][\p{L}\p{N}_$]*)/u,
    /(?<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/,
    /(?<string>'(?:[^'\\]|''|\\[\s\S])*')/,
    /(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])/,
    /(?<named>[:@$][\p{L}\p{N}_]+|\?\d+)/u,
    /(?<symbol>[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);

/** Most tokens of a statement: what this many take holds up everything else for some tenths of a second. */
const MAX_TOKENS = 100_000;

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
 * @throws SqlError for what never ends, for parameters other than `?`, and beyond 100,000 tokens.
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let before = '';
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(sql); piece !== null; piece = PIECE.exec(sql)) {
    const [text] = piece;
    if (piece.groups?.['space'] !== undefined) {
      before += /^\s/.test(text) ? text : ' ';
      continue;
    }
    if (tokens.length === MAX_TOKENS) {
      throw new SqlError(`the statement has more than ${MAX_TOKENS} words and signs; send it in parts`);
    }
    tokens.push(toToken(piece, before));
    before = '';
  }
  return tokens;
}

function toToken(piece: RegExpExecArray, before: string): Token {
  const [text] = piece;
  const { blob, word, number, string, quoted, named } = piece.groups ?? {};
  if (word !== undefined) return { kind: 'word', text, before, name: text.toLowerCase() };
  if (number !== undefined) return { kind: 'number', text, before, name: '' };
  if (string !== undefined) return { kind: 'string', text: standardString(text), before, name: '' };
  if (quoted !== undefined) return { kind: 'quoted', text, before, name: unquote(text).toLowerCase() };
  if (blob !== undefined) return { kind: 'blob', text, before, name: '' };
  if (named !== undefined) throw new SqlError(`parameter ${text} has a name; use ? and give values by index`);
  if ('\'"`['.includes(text)) throw neverClosed(text, piece);
  if (text === '/' && piece.input[piece.index + 1] === '*') throw neverClosed('comment', piece);
  return { kind: text === '?' ? 'parameter' : 'symbol', text, before, name: '' };
}

function neverClosed(what: string, { index }: RegExpExecArray): SqlError {
  return new SqlError(`the ${what} at character ${index + 1} is never closed`);
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
