import type { EngineClient } from '../engine/engine-client.js';
import { RPCS } from '../engine/rpcs.js';

/** Where a catalog call looks; what is missing is the connection's. */
export interface CatalogPlace {
  readonly catalog?: string | undefined;
  /** The schema. */
  readonly database?: string | undefined;
}

/** A column of a table. */
export interface TableColumn {
  readonly fieldName: string;
  /** The engine's name of the type. */
  readonly fieldType: string;
}

const placeOf = (engine: EngineClient, o: CatalogPlace): { catalog: string; schema: string } => ({
  catalog: o.catalog ?? engine.options.catalog,
  schema: o.database ?? engine.options.database,
});

export async function schemaNames(
  engine: EngineClient,
  o: CatalogPlace,
  signal?: AbortSignal,
): Promise<string[]> {
  const { catalog } = placeOf(engine, o);
  const { value } = await engine.routed(RPCS.schemas, {
    request: (sessionId) => ({ sessionId, catalog }),
    signal,
  });
  return value.schemas;
}

export async function tableNames(
  engine: EngineClient,
  o: CatalogPlace,
  signal?: AbortSignal,
): Promise<string[]> {
  const place = placeOf(engine, o);
  const { value } = await engine.routed(RPCS.tables, {
    request: (sessionId) => ({ sessionId, ...place }),
    signal,
  });
  return value.tables;
}

export async function tableColumns(
  engine: EngineClient,
  o: CatalogPlace & { readonly table: string },
  signal?: AbortSignal,
): Promise<TableColumn[]> {
  const { table } = o;
  const place = placeOf(engine, o);
  const { value } = await engine.routed(RPCS.columns, {
    request: (sessionId) => ({ sessionId, table, ...place }),
    signal,
  });
  return value.fieldInfo.map(({ fieldName, fieldType }) => ({ fieldName, fieldType }));
}

export async function dryRun(engine: EngineClient, sql: string, signal?: AbortSignal): Promise<string> {
  const { value } = await engine.routed(RPCS.dryRun, {
    request: (sessionId) => ({ engineIP: '', sessionId, schema: engine.options.database, queryString: sql }),
    signal,
  });
  return value.dryrunValue;
}
