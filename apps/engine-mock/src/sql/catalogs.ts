import { SqlError } from './sql-error.js';

/** Catalogs in SQLite and their schemas; a schema's name belongs to one catalog only. */
export const CATALOGS: Readonly<Record<string, readonly string[]>> = {
  hive: ['ops', 'sales'],
  iceberg: ['lab'],
};

/** The catalog whose tables are computed, and its schemas. */
export const BUILTIN = 'builtin';
export const BUILTIN_SCHEMAS: readonly string[] = ['types', 'generated'];

/** Where names are looked up that say neither catalog nor schema, if the client names none. */
export const DEFAULT_CATALOG = 'hive';

/** A schema with its catalog. */
export interface SchemaName {
  readonly catalog: string;
  readonly schema: string;
}

/** All catalogs with their schemas; a catalog's first schema is its default. */
export const ALL_CATALOGS: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(CATALOGS),
  [BUILTIN, BUILTIN_SCHEMAS],
]);

/** The catalog that has a schema of this name. */
export function catalogOf(schema: string): string | undefined {
  for (const [catalog, schemas] of ALL_CATALOGS) if (schemas.includes(schema)) return catalog;
  return undefined;
}

/**
 * Fills in what the client left empty and checks the rest; case does not matter.
 *
 * @throws SqlError that lists what there is.
 */
export function resolveSchema(where: { readonly catalog: string; readonly schema: string }): SchemaName {
  const schema = where.schema.toLowerCase();
  const catalog = where.catalog.toLowerCase() || catalogOf(schema) || DEFAULT_CATALOG;
  const schemas = schemasOf(catalog);
  const [first = ''] = schemas;
  if (schema !== '' && !schemas.includes(schema)) throw noSchema(catalog, schema, schemas);
  return { catalog, schema: schema || first };
}

/** @throws SqlError where there is no such catalog. */
export function schemasOf(catalog: string): readonly string[] {
  const schemas = ALL_CATALOGS.get(catalog.toLowerCase());
  if (schemas !== undefined) return schemas;
  throw new SqlError(`no catalog ${catalog}; there are ${[...ALL_CATALOGS.keys()].join(', ')}`);
}

function noSchema(catalog: string, schema: string, schemas: readonly string[]): SqlError {
  return new SqlError(`no schema ${schema} in catalog ${catalog}; it has ${schemas.join(', ')}`);
}
