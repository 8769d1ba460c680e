import type Database from 'better-sqlite3';
import { BuiltinQuery, selectedColumns } from './builtin/builtin-query.js';
import { type BuiltinSelect, readBuiltinSelect } from './builtin/builtin-select.js';
import { listColumns, listTables } from './catalog-reader.js';
import { resolveSchema, schemasOf } from './catalogs.js';
import { Connections } from './connections.js';
import { type DatabaseFiles, openDatabaseFiles } from './database-files.js';
import { readDeclaration } from './declared-type.js';
import type { FieldInfo, PreparedQuery, ResultSource, SqlEngine, StatementText } from './query-source.js';
import { type BatchLimits, resolveSqlEngineOptions, type SqlEngineOptions } from './sql-engine-options.js';
import { inSqlite, SqlError } from './sql-error.js';
import { SqliteQuery } from './sqlite-query.js';
import { readStatement, type Statement } from './statement.js';

/**
 * Opens the data that both deployments share: sample tables in SQLite, which can be written, and computed tables.
 *
 * A statement runs in this process from its start to its first rows: one that takes long holds up everything else.
 *
 * @throws EngineMockError `INVALID_OPTION` or `DATA_INVALID`.
 */
export function openSqlEngine(options: SqlEngineOptions = {}): SqlEngine {
  const { dataDir, ...limits } = resolveSqlEngineOptions(options);
  return new SqliteEngine(openDatabaseFiles(dataDir), limits);
}

class SqliteEngine implements SqlEngine {
  readonly #files: DatabaseFiles;
  readonly #limits: BatchLimits;
  readonly #connections: Connections;
  readonly #open = new Set<ResultSource>();
  #isClosed = false;

  constructor(files: DatabaseFiles, limits: BatchLimits) {
    this.#files = files;
    this.#limits = limits;
    this.#connections = new Connections(files.paths);
  }

  prepare(text: StatementText): PreparedQuery {
    const { statement, schema, builtin } = this.#read(text);
    const limits = this.#limits;
    const { parameters } = statement;
    if (builtin !== undefined) return new BuiltinQuery(text.sql, builtin, { parameters, limits });
    return new SqliteQuery(text.sql, statement, {
      connections: this.#connections,
      schema,
      limits,
      open: this.#open,
    });
  }

  schemas(catalog: string): readonly string[] {
    return schemasOf(catalog || resolveSchema({ catalog, schema: '' }).catalog);
  }

  tables(where: { readonly catalog: string; readonly schema: string }): readonly string[] {
    return inSqlite(() => listTables(this.#database(), where));
  }

  columns(where: {
    readonly catalog: string;
    readonly schema: string;
    readonly table: string;
  }): readonly FieldInfo[] {
    return inSqlite(() => listColumns(this.#database(), where));
  }

  explain(text: StatementText): string {
    const { statement, schema, builtin } = this.#read(text);
    if (builtin !== undefined) return `COMPUTE ${builtin.name}`;
    const nulls = Array.from({ length: statement.parameters }, () => null);
    const steps = inSqlite(() =>
      this.#database(schema)
        .prepare<null[], { id: number; parent: number; detail: string }>(
          `EXPLAIN QUERY PLAN ${statement.text}`,
        )
        .all(...nulls),
    );
    const depths = new Map<number, number>();
    const lines = steps.map(({ id, parent, detail }) => {
      const depth = (depths.get(parent) ?? -1) + 1;
      depths.set(id, depth);
      return `${'  '.repeat(depth)}${detail}`;
    });
    return lines.join('\n') || 'NO SCAN';
  }

  dryRun(text: StatementText): string {
    const { statement, schema, builtin } = this.#read(text);
    if (builtin !== undefined) {
      return `reads ${selectedColumns(builtin)
        .map(({ name, type }) => `${name} ${type}`)
        .join(', ')}`;
    }
    return inSqlite(() => {
      const prepared = this.#database(schema).prepare(statement.text);
      if (!prepared.readonly) return 'writes';
      const columns = prepared.columns();
      return `reads ${columns.map(({ name, type }) => `${name} ${readDeclaration(type)?.type ?? '(by its values)'}`).join(', ')}`;
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const result of this.#open) result.close();
    this.#connections.close();
    this.#files.remove();
  }

  #read({ sql, ...where }: StatementText): {
    readonly statement: Statement;
    readonly schema: string;
    readonly builtin: BuiltinSelect | undefined;
  } {
    if (this.#isClosed) throw new SqlError('the engine is closed');
    const names = resolveSchema(where);
    const statement = readStatement(sql);
    return { statement, schema: names.schema, builtin: readBuiltinSelect(statement, names) };
  }

  #database(schema = resolveSchema({ catalog: '', schema: '' }).schema): Database.Database {
    if (this.#isClosed) throw new SqlError('the engine is closed');
    return this.#connections.writer(schema);
  }
}
