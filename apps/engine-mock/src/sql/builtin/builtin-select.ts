import { BUILTIN, catalogOf, type SchemaName } from '../catalogs.js';
import { SqlError } from '../sql-error.js';
import type { Statement } from '../statement.js';
import type { Token } from '../tokens.js';
import type { BuiltinTable } from './builtin-table.js';
import { BUILTIN_TABLES, findBuiltin } from './builtin-tables.js';

/** A number in the text, or the `?` that stands for it, counted from 0. */
export type Count = { readonly value: number } | { readonly parameter: number };

/** All that can be asked of a computed table. */
export interface BuiltinSelect {
  readonly name: string;
  readonly table: BuiltinTable;
  /** Indexes of the columns asked for. */
  readonly picked: readonly number[];
  readonly limit: Count | undefined;
  readonly offset: Count | undefined;
}

const GRAMMAR = 'SELECT * or columns FROM table [LIMIT n [OFFSET m]]';

/**
 * Reads a statement on a computed table.
 *
 * @param where where names without a schema are looked up.
 * @returns undefined for a statement on other tables.
 * @throws SqlError for one that asks a computed table for more than it can do.
 */
export function readBuiltinSelect({ tokens }: Statement, where: SchemaName): BuiltinSelect | undefined {
  const from = tokens.findIndex(({ name, kind }) => kind === 'word' && name === 'from');
  if (from < 0) return undefined;
  const named = readTable(tokens.slice(from + 1), where);
  if (named === undefined) return undefined;
  const { schema, name, length } = named;
  const full = `${BUILTIN}.${schema}.${name}`;
  const table = findBuiltin(schema, name);
  if (table === undefined) {
    throw new SqlError(`no table ${full}; there are ${Object.keys(BUILTIN_TABLES[schema] ?? {}).join(', ')}`);
  }
  if (tokens[0]?.name !== 'select') throw tooMuch(full);
  const picked = pickColumns(tokens.slice(1, from), table, full);
  const { limit, offset } = readLimits(tokens.slice(from + 1 + length), full);
  return { name: full, table, picked, limit, offset };
}

/** The name after FROM where it is one of the computed catalog, which another catalog's session may name too. */
function readTable(
  tokens: readonly Token[],
  where: SchemaName,
): { readonly schema: string; readonly name: string; readonly length: number } | undefined {
  const [first, dot, second] = tokens;
  if (first === undefined || first.name === '') return undefined;
  if (dot?.text === '.' && second !== undefined) {
    if (catalogOf(first.name) !== BUILTIN) return undefined;
    return { schema: first.name, name: second.name, length: 3 };
  }
  const isKnown = where.catalog === BUILTIN && findBuiltin(where.schema, first.name) !== undefined;
  return isKnown ? { schema: where.schema, name: first.name, length: 1 } : undefined;
}

function pickColumns(tokens: readonly Token[], table: BuiltinTable, name: string): readonly number[] {
  if (tokens.length === 1 && tokens[0]?.text === '*') return table.columns.map((_, at) => at);
  if (tokens.length % 2 === 0) throw tooMuch(name);
  return tokens.flatMap((token, at) => {
    const isComma = at % 2 === 1;
    if (isComma ? token.text !== ',' : token.name === '') throw tooMuch(name);
    if (isComma) return [];
    const index = table.columns.findIndex((column) => column.name === token.name);
    if (index < 0) throw new SqlError(`no such column: ${token.text} in ${name}`);
    return [index];
  });
}

function readLimits(
  tokens: readonly Token[],
  name: string,
): { readonly limit: Count | undefined; readonly offset: Count | undefined } {
  const [limitWord, limit, offsetWord, offset, more] = tokens;
  const isShape =
    (tokens.length === 0 || tokens.length === 2 || tokens.length === 4) &&
    (limitWord === undefined || limitWord.name === 'limit') &&
    (offsetWord === undefined || offsetWord.name === 'offset') &&
    more === undefined;
  if (!isShape) throw tooMuch(name);
  return {
    limit: limit && readCount(limit, 0, name),
    offset: offset && readCount(offset, limit?.kind === 'parameter' ? 1 : 0, name),
  };
}

function readCount(token: Token, parameter: number, name: string): Count {
  if (token.kind === 'parameter') return { parameter };
  const value = /^\d+$/.test(token.text) ? Number(token.text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw tooMuch(name);
  return { value };
}

function tooMuch(name: string): SqlError {
  return new SqlError(`${name} is computed and understands only ${GRAMMAR}`);
}
