import type { Column } from '@holdfast/strategy-client/wire';
import type { Connections } from './connections.js';
import { type BoundValue, bindParameters } from './parameters.js';
import type { PreparedQuery, ResultSource, TypedParameter } from './query-source.js';
import type { SqliteRow } from './read-value.js';
import { RowResult } from './row-result.js';
import { settleRows } from './settle-rows.js';
import type { BatchLimits } from './sql-engine-options.js';
import { inSqlite } from './sql-error.js';
import type { Statement } from './statement.js';

/** Column of the one row that tells how many rows a write has changed. */
const ROWS_AFFECTED: Column = { name: 'rows_affected', type: 'LONG', zone: '', format: '' };

/** What a statement runs on. */
export interface SqliteContext {
  readonly connections: Connections;
  /** Where unqualified names are looked up first. */
  readonly schema: string;
  readonly limits: BatchLimits;
  /** Results that hold a connection, to be closed with the engine. */
  readonly open: Set<ResultSource>;
}

/** A statement that SQLite has accepted. */
export class SqliteQuery implements PreparedQuery {
  readonly text: string;
  readonly #statement: Statement;
  readonly #context: SqliteContext;
  readonly #isRead: boolean;

  constructor(text: string, statement: Statement, context: SqliteContext) {
    this.text = text;
    this.#statement = statement;
    this.#context = context;
    const { connections, schema } = context;
    this.#isRead = inSqlite(() => connections.writer(schema).prepare(statement.text).readonly);
  }

  execute(params: readonly TypedParameter[] = []): ResultSource {
    const values = bindParameters(params, this.#statement.parameters);
    return inSqlite(() => (this.#isRead ? this.#read(values) : this.#write(values)));
  }

  #write(values: readonly BoundValue[]): ResultSource {
    const { connections, schema, limits } = this.#context;
    const statement = connections.writer(schema).prepare<BoundValue[], SqliteRow>(this.#statement.text);
    statement.safeIntegers(true);
    if (!statement.reader) {
      const rows = [[BigInt(statement.run(...values).changes)]].values();
      return new RowResult({ columns: [ROWS_AFFECTED], rowCount: 1n, rows, limits });
    }
    // RETURNING: better-sqlite3 finishes the write before it gives a row.
    const rows = statement.raw(true).all(...values);
    const settled = settleRows(statement.columns(), rows, [].values());
    return new RowResult({ ...settled, rowCount: BigInt(rows.length), limits });
  }

  /**
   * Reads the first batch at once. A result that has no more gives its connection back and knows its size; any other
   * keeps the connection and counts its rows there, where no write since the start is seen.
   */
  #read(values: readonly BoundValue[]): ResultSource {
    const { connections, schema, limits, open } = this.#context;
    const reader = connections.acquireReader(schema);
    let rows: IterableIterator<SqliteRow> | undefined;
    const release = (): void => {
      rows?.return?.();
      connections.releaseReader(schema, reader);
    };
    try {
      const statement = reader.prepare<BoundValue[], SqliteRow>(this.#statement.text);
      rows = statement
        .safeIntegers(true)
        .raw(true)
        .iterate(...values);
      const { first, isAll } = readFirst(rows, limits);
      const settled = settleRows(statement.columns(), first, rows);
      if (isAll) {
        release();
        return new RowResult({ ...settled, rowCount: BigInt(first.length), limits });
      }
      const count = reader.prepare<BoundValue[], bigint>(`SELECT count(*) FROM (${this.#statement.text}\n)`);
      const rowCount =
        count
          .safeIntegers(true)
          .pluck(true)
          .get(...values) ?? 0n;
      const onClose = (): void => {
        open.delete(result);
        release();
      };
      const result: ResultSource = new RowResult({ ...settled, rowCount, limits, onClose });
      open.add(result);
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** The first batch, roughly: it only decides whether the result is small. */
function readFirst(
  rows: Iterator<SqliteRow>,
  limits: BatchLimits,
): { readonly first: SqliteRow[]; readonly isAll: boolean } {
  const first: SqliteRow[] = [];
  let bytes = 0;
  while (first.length < limits.batchRows && bytes < limits.batchBytes) {
    const next = rows.next();
    if (next.done === true) return { first, isAll: true };
    first.push(next.value);
    for (const value of next.value) {
      bytes += typeof value === 'string' ? value.length : value instanceof Uint8Array ? value.byteLength : 8;
    }
  }
  return { first, isAll: false };
}
