import type { BuiltinTable } from './builtin-table.js';
import { GENERATED_TABLES } from './generated-tables.js';
import { TYPE_TABLES } from './type-tables.js';

/** The tables of each schema of the computed catalog. */
export const BUILTIN_TABLES: Readonly<Record<string, Readonly<Record<string, BuiltinTable>>>> = {
  types: TYPE_TABLES,
  generated: GENERATED_TABLES,
};

/** The table of this name, if there is one. */
export function findBuiltin(schema: string, table: string): BuiltinTable | undefined {
  const tables = BUILTIN_TABLES[schema];
  return tables !== undefined && Object.hasOwn(tables, table) ? tables[table] : undefined;
}
