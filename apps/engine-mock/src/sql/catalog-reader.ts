import type Database from 'better-sqlite3';
import { BUILTIN_TABLES, findBuiltin } from './builtin/builtin-tables.js';
import { BUILTIN, resolveSchema } from './catalogs.js';
import { readDeclaration } from './declared-type.js';
import type { FieldInfo } from './query-source.js';
import { SqlError } from './sql-error.js';

/** Tables of a schema in the order of their names; an empty name means the default. */
export function listTables(
  database: Database.Database,
  where: { readonly catalog: string; readonly schema: string },
): readonly string[] {
  const { catalog, schema } = resolveSchema(where);
  if (catalog === BUILTIN) return Object.keys(BUILTIN_TABLES[schema] ?? {}).sort();
  return database
    .prepare<[], string>(
      `SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`,
    )
    .pluck(true)
    .all();
}

/** Columns of a table in their order. @throws SqlError where there is no such table. */
export function listColumns(
  database: Database.Database,
  where: { readonly catalog: string; readonly schema: string; readonly table: string },
): readonly FieldInfo[] {
  const { catalog, schema } = resolveSchema(where);
  const fields =
    catalog === BUILTIN
      ? findBuiltin(schema, where.table.toLowerCase())?.columns.map(({ name, type }) => field(name, type))
      : database
          .prepare<[string, string], { name: string; type: string }>(
            'SELECT name, type FROM pragma_table_info(?, ?)',
          )
          .all(where.table, schema)
          .map(({ name, type }) => field(name, readDeclaration(type)?.type ?? 'STRING'));
  if (fields !== undefined && fields.length > 0) return fields;
  throw new SqlError(`no table ${where.table} in ${catalog}.${schema}`);
}

function field(fieldName: string, fieldType: string): FieldInfo {
  return { fieldName, fieldType };
}
