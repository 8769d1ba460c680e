import type { Column } from '@holdfast/strategy-client/wire';

/** A parameter of `executeStatementV2`. */
export interface TypedParameter {
  /** Which `?` of the text it fills, counted from 1. */
  readonly index: number;
  /** Name of a vector type, such as `LONG` or `DECIMAL128`, in any case. */
  readonly type: string;
  /** The value as text, read as the type says. */
  readonly value: string;
}

/** A statement and where its unqualified names are looked up; empty text means the default. */
export interface StatementText {
  readonly sql: string;
  readonly catalog: string;
  readonly schema: string;
}

/** A column as the catalog calls show it. */
export interface FieldInfo {
  readonly fieldName: string;
  /** Name of a vector type. */
  readonly fieldType: string;
}

/** What both deployments run their queries on; they share its data. */
export interface SqlEngine {
  /** @throws SqlError where the text is no single statement that the engine runs. */
  prepare(statement: StatementText): PreparedQuery;
  /** @throws SqlError for an unknown catalog, as the methods below do for what they do not find. */
  schemas(catalog: string): readonly string[];
  tables(where: { readonly catalog: string; readonly schema: string }): readonly string[];
  columns(where: {
    readonly catalog: string;
    readonly schema: string;
    readonly table: string;
  }): readonly FieldInfo[];
  /** The plan as text. Runs nothing. */
  explain(statement: StatementText): string;
  /** Checks the statement and says what it would give. Runs nothing. */
  dryRun(statement: StatementText): string;
  /** Closes all results and the database. Repeating it is harmless. */
  close(): void;
}

/** A checked statement. It holds nothing that would have to be closed. */
export interface PreparedQuery {
  /** The text as it came. */
  readonly text: string;
  /**
   * Runs the statement: what it changes is changed when this returns, once for each call.
   *
   * @throws SqlError whose message is meant for the client; nothing has been changed then.
   */
  execute(params?: readonly TypedParameter[]): ResultSource;
}

/** The rows of one execution, read forwards. */
export interface ResultSource {
  readonly columns: readonly Column[];
  /** Rows of the whole result. */
  readonly rowCount: bigint;
  /** Rows that `nextBatch` has handed out so far. */
  readonly delivered: bigint;
  /**
   * The next rows as an encoded chunk; empty once all have been read.
   *
   * @throws SqlError where a value cannot be computed or encoded.
   */
  nextBatch(): Uint8Array;
  /** Gives up what the result holds; `nextBatch` has no more rows then. Repeating it is harmless. */
  close(): void;
}
