import { Cursor, type CursorOptions, type ExecuteOptions } from '../cursor/cursor.js';
import { cancelLease } from '../cursor/end-query.js';
import { QueryResult } from '../cursor/query-result.js';
import { QueryRun } from '../cursor/query-run.js';
import { type QueryParameters, statementOf } from '../cursor/statement.js';
import type { EngineClient } from '../engine/engine-client.js';
import type { QueryLease } from '../engine/query-lease.js';
import { RPCS } from '../engine/rpcs.js';
import { StrategyClientError } from '../errors.js';
import type { StrategyManager } from '../manager/strategy-manager.js';
import type { SessionLease } from '../manager/switchboard.js';
import { normaliseStatement } from '../parameters/index.js';
import type { Strategy } from '../strategy.js';
import {
  type CatalogPlace,
  dryRun,
  schemaNames,
  type TableColumn,
  tableColumns,
  tableNames,
} from './catalog.js';

/** What a call of a connection takes. */
export interface ConnectionCallOptions {
  /** Ends the call with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a call about a query of another cursor takes. */
export interface QueryCallOptions extends ConnectionCallOptions {
  /** The engine's address, from the reply to its prepare. Default: none is sent. */
  readonly engineIP?: string;
}

/**
 * One user's connection to the router of a blue/green cluster: one channel, a session for each deployment, any number of
 * cursors at a time. New queries go to the active deployment, also in the middle of a switch; running ones end where they
 * began.
 *
 * What can still go wrong is typed: `LostAfterSend` (a statement may have run), `DeploymentGoneError` (a deployment was
 * ended before its queries), `AuthenticationError`, `StrategyDetectionError` (no deployment takes calls), `UNAVAILABLE`.
 */
export class Connection {
  readonly manager: StrategyManager;
  readonly #engine: EngineClient;
  readonly #ownsManager: boolean;
  /** What `checkStrategyChange` saw last. */
  #seen: Strategy | null;

  /** Use `connect()`. */
  constructor(engine: EngineClient, o: { readonly ownsManager: boolean }) {
    this.#engine = engine;
    this.manager = engine.manager;
    this.#ownsManager = o.ownsManager;
    this.#seen = engine.manager.getActiveStrategy();
  }

  get isClosed(): boolean {
    return this.#engine.isClosed;
  }

  /** A cursor of its own; any number of them can be at work. */
  cursor(o: CursorOptions = {}): Cursor {
    this.#checkOpen();
    return new Cursor(this.#engine, o);
  }

  /**
   * Runs a statement. `params` by name are written into the text, those in order (`?`) are put in by the engine.
   *
   * @throws what `Cursor.execute` throws.
   */
  async query(
    sql: string,
    params?: QueryParameters,
    o: ExecuteOptions & CursorOptions = {},
  ): Promise<QueryResult> {
    this.#checkOpen();
    const { options } = this.#engine;
    const statement = statementOf(sql, params, {
      catalog: o.catalog ?? options.catalog,
      schema: o.database ?? options.database,
      escapes: options.escapes,
    });
    o.signal?.throwIfAborted();
    const run = await QueryRun.start(this.#engine, statement, {
      idempotent: o.idempotent ?? false,
      signal: o.signal,
    });
    return new QueryResult(run, o.signal);
  }

  /** Names of the schemas of a catalog. */
  getSchemaNames(o: Pick<CatalogPlace, 'catalog'> & ConnectionCallOptions = {}): Promise<string[]> {
    return schemaNames(this.#engine, o, o.signal);
  }

  /** Names of the tables of a schema. */
  getTables(o: CatalogPlace & ConnectionCallOptions = {}): Promise<string[]> {
    return tableNames(this.#engine, o, o.signal);
  }

  /** Columns of a table. */
  getColumns(o: CatalogPlace & { readonly table: string } & ConnectionCallOptions): Promise<TableColumn[]> {
    return tableColumns(this.#engine, o, o.signal);
  }

  /** What the engine says of a statement without running it. */
  async dryRun(sql: string, o: ConnectionCallOptions = {}): Promise<string> {
    return dryRun(this.#engine, normaliseStatement(sql), o.signal);
  }

  /** Lets the engine forget a query of this process, by id, on the deployment that it runs or ran on. */
  async clear(queryId: string, o: QueryCallOptions = {}): Promise<void> {
    const running = this.#engine.runOf(queryId);
    if (running !== null) return running.clear(o.signal);
    const lease = await this.#leaseOf(queryId, o);
    const { engineIP } = lease;
    await this.#engine.leased(RPCS.clear, lease, {
      request: (sessionId) => ({ engineIP, queryId, sessionId }),
      signal: o.signal,
    });
  }

  /** Stops a query of this process, by id, on the deployment that it runs or ran on. */
  async cancel(queryId: string, o: QueryCallOptions = {}): Promise<void> {
    const running = this.#engine.runOf(queryId);
    if (running !== null) return running.cancel(o.signal);
    await cancelLease(this.#engine, await this.#leaseOf(queryId, o), o.signal);
  }

  /** A session on the active deployment: the open one, or a new one after finding out which is active. */
  session(o: ConnectionCallOptions = {}): Promise<SessionLease> {
    return this.#engine.session(o.signal);
  }

  /** Whether the active deployment is another than at the last call of this (or when the connection was opened). */
  checkStrategyChange(): boolean {
    const active = this.manager.getActiveStrategy();
    if (active === null || active === this.#seen) return false;
    const changed = this.#seen !== null;
    this.#seen = active;
    return changed;
  }

  /** Whether the engine answers: asks for its schemas. Rejects as any call does. */
  async ping(signal?: AbortSignal): Promise<void> {
    await schemaNames(this.#engine, {}, signal);
  }

  /** Nothing to do: the engine has no transactions. */
  async commit(): Promise<void> {}

  /** Always rejects with `NOT_SUPPORTED`: the engine has no transactions. */
  async rollback(): Promise<void> {
    throw new StrategyClientError(
      'NOT_SUPPORTED',
      'the engine has no transactions, so nothing can be rolled back',
    );
  }

  /** Clears what still runs, waits for it at most `controlTimeoutMs`, and closes the channel. Repeating it is harmless. */
  async close(): Promise<void> {
    await this.#engine.close();
    if (this.#ownsManager) await this.manager.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A lease for a query that does not run here: where it ran, or where queries run now. */
  async #leaseOf(queryId: string, o: QueryCallOptions): Promise<QueryLease> {
    this.#checkOpen();
    if (queryId === '')
      throw new StrategyClientError('INVALID_ARGUMENT', 'the query id is empty; give that of a query');
    const engine = this.#engine;
    const active = await engine.session(o.signal);
    const strategy = engine.board.pins.lastOf(queryId) ?? active.strategy;
    const session = strategy === active.strategy ? active.sessionId : (engine.sessionOn(strategy) ?? '');
    const engineIP = o.engineIP ?? '';
    return { strategy, session, queryId, engineIP, headers: engine.headers.ofQuery(strategy, engineIP) };
  }

  #checkOpen(): void {
    if (this.isClosed) throw new StrategyClientError('CLOSED', 'the connection is closed; open a new one');
  }
}
