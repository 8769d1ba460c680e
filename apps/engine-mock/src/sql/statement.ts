import { ALL_CATALOGS, catalogOf, resolveSchema } from './catalogs.js';
import { SqlError } from './sql-error.js';
import { type Token, textOf, tokenize } from './tokens.js';

/** Longest statement in bytes of UTF-8. */
const MAX_TEXT_BYTES: number = 1024 * 1024;
/** Most `?` of a statement. */
const MAX_PARAMETERS = 32_766;

const VERBS: readonly string[] = ['SELECT', 'VALUES', 'WITH', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE'];

/** One statement in the words of SQLite. */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly parameters: number;
}

/**
 * Reads exactly one statement of those that query or change rows: nothing that reaches files, settings or the
 * structure of the database gets through. Names of three parts lose their catalog.
 *
 * @throws SqlError that says what is not allowed.
 */
export function readStatement(sql: string): Statement {
  if (Buffer.byteLength(sql) > MAX_TEXT_BYTES) {
    throw new SqlError(`the statement is longer than ${MAX_TEXT_BYTES} bytes; send values as parameters`);
  }
  const tokens = single(tokenize(sql));
  const verb = tokens[0]?.text.toUpperCase();
  if (verb === undefined) throw new SqlError('the statement is empty');
  if (!VERBS.includes(verb)) throw new SqlError(`${verb} is not run here; use one of ${VERBS.join(', ')}`);
  const pragma = tokens.find(({ name }) => name.startsWith('pragma_'));
  if (pragma !== undefined) throw new SqlError(`${pragma.text} is not available`);
  const parameters = tokens.filter(({ kind }) => kind === 'parameter').length;
  if (parameters > MAX_PARAMETERS) {
    throw new SqlError(`the statement has ${parameters} parameters; ${MAX_PARAMETERS} are allowed`);
  }
  const plain = withoutCatalogs(tokens);
  return { tokens: plain, text: textOf(plain), parameters };
}

/** The same tokens without semicolons at the end. */
function single(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findLastIndex(({ text }) => text !== ';') + 1;
  const only = tokens.slice(0, end);
  if (only.some(({ text }) => text === ';')) throw new SqlError('only one statement can be sent at a time');
  return only;
}

/** Takes the catalog off `catalog.schema.table`, which it checks. */
function withoutCatalogs(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const schema = tokens[at + 2];
    const isFirstOfThree =
      isName(token) &&
      tokens[at - 1]?.text !== '.' &&
      tokens[at + 1]?.text === '.' &&
      isName(schema) &&
      tokens[at + 3]?.text === '.';
    // SQLite knows three parts as well: schema, table and column.
    if (!isFirstOfThree || catalogOf(token.name) !== undefined) {
      kept.push(token);
      continue;
    }
    if (!ALL_CATALOGS.has(token.name)) {
      throw new SqlError(
        `${token.name} in ${token.name}.${schema.name} is neither a catalog nor a schema; catalogs are ${[...ALL_CATALOGS.keys()].join(', ')}`,
      );
    }
    resolveSchema({ catalog: token.name, schema: schema.name });
    kept.push({ ...schema, before: token.before });
    at += 2;
  }
  return kept;
}

function isName(token: Token | undefined): token is Token {
  return token !== undefined && token.name !== '';
}
