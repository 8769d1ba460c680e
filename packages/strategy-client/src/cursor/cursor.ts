import type { EngineClient } from '../engine/engine-client.js';
import type { QueryLease } from '../engine/query-lease.js';
import { StrategyClientError } from '../errors.js';
import type { Column, Row } from '../wire/index.js';
import { type ExplainAnalysis, explain, explainAnalyze, type QueryStatus, status } from './explain.js';
import { holdWhile, unwatchForgotten, watchForgotten } from './forgotten.js';
import { QueryRun } from './query-run.js';
import { RowReader } from './row-reader.js';
import { type QueryParameters, type Statement, statementOf } from './statement.js';

/** What a call of a cursor takes. */
export interface CursorCallOptions {
  /** Ends the wait with the signal's reason; during `execute` and fetches it stops the query on the engine too. */
  readonly signal?: AbortSignal;
}

/** How a query is executed. */
export interface ExecuteOptions extends CursorCallOptions {
  /**
   * Whether running the query again does no harm, as for a SELECT. Then a lost answer before the first row makes it run
   * anew instead of failing. Default false.
   */
  readonly idempotent?: boolean;
}

/** Where a cursor's statements are prepared. */
export interface CursorOptions {
  /** Default: the connection's. */
  readonly catalog?: string;
  /** Default: the connection's. */
  readonly database?: string;
}

/**
 * Runs one query after the other and reads their rows, as the origin's DB-API cursor. A query stays on the deployment on
 * which it was prepared; the next one goes where the routing target is then.
 *
 * What can still go wrong: `LostAfterSend` when an answer is lost that must not be asked for again, `DeploymentGoneError`
 * when the deployment ends before the query. With `autoClear` (the default) the engine forgets a query when its last row
 * was read: ask for `explainAnalyze` before.
 */
export class Cursor {
  /** Rows that `fetchMany` returns without a number. */
  arraySize = 1_000;
  readonly #engine: EngineClient;
  readonly #catalog: string;
  readonly #schema: string;
  #run: QueryRun | null = null;
  /** The query whose `execute` is under way. */
  #starting: QueryRun | null = null;
  #reader: RowReader | null = null;
  #isClosed = false;

  /** Use `connection.cursor()`. */
  constructor(engine: EngineClient, o: CursorOptions) {
    this.#engine = engine;
    this.#catalog = o.catalog ?? engine.options.catalog;
    this.#schema = o.database ?? engine.options.database;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Id of the latest query; empty before the first. */
  get queryId(): string {
    return this.#run?.queryId ?? '';
  }

  /** Columns of the latest query's result; none before the first. */
  get columns(): readonly Column[] {
    return this.#run?.columns ?? [];
  }

  /** Rows of the latest query's result as its metadata count them; null before the first. Asks nobody. */
  get rowCount(): bigint | null {
    return this.#run?.rowCount ?? null;
  }

  /** Headers of this cursor's calls: those of the running query's deployment, else of the active one. */
  get metadata(): [string, string][] {
    const { manager, options } = this.#engine;
    const lease = this.#run?.lease;
    const cluster = options.clusterName;
    return lease
      ? manager.getGrpcHeader({ engineIp: lease.engineIP, cluster, strategy: lease.strategy })
      : manager.getGrpcHeader({ cluster, strategy: manager.getActiveStrategy() });
  }

  /**
   * Runs a statement; an earlier query of this cursor is cleared first. The query's id.
   *
   * @throws LostAfterSend, DeploymentGoneError, QueryFailed, AuthenticationError, StrategyDetectionError, and
   * `INVALID_ARGUMENT`, `UNAVAILABLE` or `RESUME_FAILED`; `CLOSED` when the query is cleared or cancelled meanwhile.
   */
  async execute(sql: string, params?: QueryParameters, o: ExecuteOptions = {}): Promise<string> {
    this.#checkOpen();
    const { escapes } = this.#engine.options;
    const statement = statementOf(sql, params, { catalog: this.#catalog, schema: this.#schema, escapes });
    o.signal?.throwIfAborted();
    this.#letGo();
    const run = await this.#started(statement, o);
    if (this.#isClosed) {
      this.#engine.inBackground('clearing a query', run.clear());
      throw closed();
    }
    this.#letGo();
    this.#run = run;
    this.#reader = new RowReader(run);
    watchForgotten(this.#reader, run);
    return run.queryId;
  }

  /** The next row; null at the end. */
  async fetchOne(o: CursorCallOptions = {}): Promise<Row | null> {
    return this.#rows().one(o.signal);
  }

  /** Up to `count` rows (`arraySize` by default); fewer only at the end. */
  async fetchMany(count: number = this.arraySize, o: CursorCallOptions = {}): Promise<Row[]> {
    return this.#rows().many(count, o.signal);
  }

  /** All rows that are left, in memory at once. */
  async fetchAll(o: CursorCallOptions = {}): Promise<Row[]> {
    return this.#rows().all(o.signal);
  }

  /**
   * The rows that are left; what a loop leaves can still be fetched. Memory is bounded by two batches: the next one is
   * fetched while the caller works.
   */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    return this.#rows().each();
  }

  /** Lets the engine forget the query; its `execute` rejects with `CLOSED` if it is under way. Harmless without one, or again. */
  async clear(o: CursorCallOptions = {}): Promise<void> {
    await this.#endable()?.clear(o.signal);
  }

  /** Stops the query on the engine; its `execute` rejects with `CLOSED` if it is under way. Harmless without one, or again. */
  async cancel(o: CursorCallOptions = {}): Promise<void> {
    await this.#endable()?.cancel(o.signal);
  }

  /** How far the query is. */
  async status(o: CursorCallOptions = {}): Promise<QueryStatus> {
    return holdWhile(this.#reader, status(this.#engine, this.#lease(), o.signal));
  }

  /** The engine's plan of the query. */
  async explain(o: CursorCallOptions = {}): Promise<string> {
    return holdWhile(this.#reader, explain(this.#engine, this.#lease(), o.signal));
  }

  /** The engine's account of how the query ran. */
  async explainAnalyze(o: CursorCallOptions = {}): Promise<ExplainAnalysis> {
    return holdWhile(this.#reader, explainAnalyze(this.#engine, this.#lease(), o.signal));
  }

  /** Clears the query and ends this cursor. Repeating it is harmless. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #started(statement: Statement, o: ExecuteOptions): Promise<QueryRun> {
    let mine: QueryRun | null = null;
    const begun = (run: QueryRun): void => {
      mine = run;
      this.#starting = run;
    };
    const { idempotent = false, signal } = o;
    try {
      return await QueryRun.start(this.#engine, statement, { idempotent, signal, begun });
    } finally {
      if (this.#starting === mine) this.#starting = null;
    }
  }

  /** The query that starts or runs. Who ends it need not be watched for forgetting it. */
  #endable(): QueryRun | null {
    const run = this.#starting ?? this.#run;
    if (run !== null) unwatchForgotten(run);
    return run;
  }

  /** The earlier query is cleared without waiting: its failure is no concern of the next. */
  #letGo(): void {
    const run = this.#run;
    this.#run = null;
    this.#reader = null;
    if (run === null) return;
    unwatchForgotten(run);
    if (!run.isEnded) this.#engine.inBackground('clearing a query', run.clear());
  }

  #rows(): RowReader {
    this.#checkOpen();
    if (this.#reader !== null) return this.#reader;
    throw new StrategyClientError('INVALID_ARGUMENT', 'there is no query to fetch from; execute one first');
  }

  #lease(): QueryLease {
    this.#checkOpen();
    const lease = this.#run?.lease;
    if (lease) return lease;
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'no query runs on this cursor; execute one first, and ask before its last row is read or pass autoClear: false',
    );
  }

  #checkOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

const closed = (): StrategyClientError =>
  new StrategyClientError('CLOSED', 'the cursor is closed; open a new one with connection.cursor()');
