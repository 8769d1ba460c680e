import { Ending } from '../ending.js';
import type { EngineClient } from '../engine/engine-client.js';
import { leaseAt, type QueryLease } from '../engine/query-lease.js';
import { RPCS } from '../engine/rpcs.js';
import { DeploymentGoneError, LostAfterSend, StrategyClientError } from '../errors.js';
import { unlessAborted } from '../sleep.js';
import { type Column, decodeBatch, decodeMetadata, type Row } from '../wire/index.js';
import { cancelLease, clearLease } from './end-query.js';
import { unwatchForgotten } from './forgotten.js';
import type { Statement } from './statement.js';

/** How a query is run. */
export interface RunOptions {
  /** Whether running it again does no harm: then a loss before the first row starts it anew. */
  readonly idempotent: boolean;
  /** Aborts the query, on the engine too. */
  readonly signal: AbortSignal | undefined;
  /** Gets the query before anything is sent, so that it can be ended while it starts. */
  readonly begun?: (run: QueryRun) => void;
}

/**
 * One query, from prepare to clear, on one deployment. What may be repeated is repeated below; here it is decided when
 * the whole query may start anew: if it was not executed, or if it is idempotent and no row was delivered (engine-wire 4b).
 */
export class QueryRun {
  readonly #engine: EngineClient;
  readonly #statement: Statement;
  readonly #idempotent: boolean;
  /** Ends all waiting when the query is cancelled or cleared. */
  readonly #ending = new Ending();
  /**
   * Cuts off a batch that is still under way when the engine has been told. Cutting it off at once would do for the
   * caller, but HTTP/2 servers end the connections of clients that reset many streams (of Node's: 33 per second), and
   * with them all other calls.
   */
  readonly #hangUp = new Ending();
  #lease: QueryLease | null = null;
  #columns: readonly Column[] = [];
  #rowCount = 0n;
  #rowsDelivered = 0;
  #starts = 0;
  /** The batch after the one that the caller works on. */
  #ahead: Promise<Row[]> | null = null;
  #isAtEnd = false;
  /** Why there are no more rows, if that is not the end of the result: whoever asks again is told again. */
  #failure: { readonly error: unknown } | null = null;

  private constructor(engine: EngineClient, statement: Statement, idempotent: boolean) {
    this.#engine = engine;
    this.#statement = statement;
    this.#idempotent = idempotent;
  }

  /**
   * Prepares and executes, and reads the columns.
   *
   * @throws LostAfterSend, DeploymentGoneError, QueryFailed, `CLOSED` when it is ended meanwhile, and what `Recovery.run`
   * throws; the query is cleared then.
   */
  static async start(engine: EngineClient, statement: Statement, o: RunOptions): Promise<QueryRun> {
    const run = new QueryRun(engine, statement, o.idempotent);
    o.begun?.(run);
    try {
      await run.#start(o.signal);
      return run;
    } catch (error) {
      run.#end(o.signal?.aborted ? 'cancel' : 'clear');
      throw error;
    }
  }

  get queryId(): string {
    return this.#lease?.queryId ?? '';
  }

  /** Null once the query has ended. */
  get lease(): QueryLease | null {
    return this.#lease;
  }

  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Rows of the result as the engine counts them. */
  get rowCount(): bigint {
    return this.#rowCount;
  }

  get isEnded(): boolean {
    return this.#lease === null;
  }

  /** How often the query was started. When it starts anew, rows that its reader has kept are void. */
  get starts(): number {
    return this.#starts;
  }

  /**
   * The next rows; none at the end. While the caller works on them the batch after them is fetched, and no more.
   *
   * @throws LostAfterSend or DeploymentGoneError, which end the query; `CLOSED` for a query that was ended before its
   * last row; an abort cancels the query. Whoever asks again gets the same error.
   */
  async next(signal: AbortSignal | undefined): Promise<Row[]> {
    if (this.#isAtEnd) return [];
    if (this.#failure !== null) throw this.#failure.error;
    try {
      signal?.throwIfAborted();
      const rows = await unlessAborted(this.#ahead ?? this.#fetch(), signal);
      this.#ahead = null;
      if (rows.length === 0) this.#reachEnd();
      else {
        this.#rowsDelivered += rows.length;
        this.#ahead = this.#fetch();
        // Its failure is told when it is asked for.
        this.#ahead.catch(() => {});
      }
      return rows;
    } catch (error) {
      this.#failure = { error };
      this.#end(signal?.aborted ? 'cancel' : 'clear');
      throw error;
    }
  }

  /** The reader keeps rows that `next` gave it, and the caller has none of them: the query may still start anew. */
  keep(rows: number): void {
    this.#rowsDelivered -= rows;
  }

  /** The caller gets rows that the reader has kept. */
  handOut(rows: number): void {
    this.#rowsDelivered += rows;
  }

  /** Ends the query on the engine. Repeating it is harmless. */
  async clear(signal?: AbortSignal): Promise<void> {
    const lease = this.#finish();
    if (lease !== null) await this.#told(clearLease(this.#engine, lease, signal));
  }

  /** Stops the query on the engine. Repeating it is harmless. */
  async cancel(signal?: AbortSignal): Promise<void> {
    const lease = this.#finish();
    if (lease !== null) await this.#told(cancelLease(this.#engine, lease, signal));
  }

  /** Nobody can ask for this query any more: clears it in the background. */
  forsake(): void {
    if (this.isEnded) return;
    this.#engine.board.counters.abandoned++;
    this.#end('clear');
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      this.#countStart();
      const lease = await this.#prepare(signal);
      this.#unlessEnded();
      const executed = await this.#execute(lease, signal);
      this.#unlessEnded();
      if (executed === null) continue;
      this.#lease = executed;
      if (await this.#readMetadata(executed, signal)) return;
    }
  }

  /** Throws if the query was cleared or cancelled meanwhile: nothing of it may go on then, or begin anew. */
  #unlessEnded(): void {
    if (!this.#ending.isOver) return;
    this.#end('clear');
    throw new StrategyClientError(
      'CLOSED',
      'the query was cleared or cancelled while it started; look whether it took effect before you execute it again',
    );
  }

  /** A query that has to be prepared again and again meets an engine that forgets it each time. */
  #countStart(): void {
    const { maxRetryAttempts } = this.#engine.options;
    if (this.#starts++ < maxRetryAttempts) return;
    throw new StrategyClientError(
      'UNAVAILABLE',
      `the query was prepared ${maxRetryAttempts} times (maxRetryAttempts) and was gone each time before it could run; try again when the deployments are at rest`,
    );
  }

  async #prepare(signal: AbortSignal | undefined): Promise<QueryLease> {
    const engine = this.#engine;
    const { sql: queryString, schema, catalog, isV2 } = this.#statement;
    const quoting = '';
    const { value, place } = isV2
      ? await engine.routed(RPCS.prepareV2, {
          request: (sessionId) => ({ sessionId, schema, catalog, queryString, quoting }),
          signal,
        })
      : await engine.routed(RPCS.prepare, {
          request: (sessionId) => ({ sessionId, schema, queryString, quoting }),
          signal,
        });
    const { queryId, engineIP } = value;
    const lease = { ...place, queryId, engineIP, headers: engine.headers.ofQuery(place.strategy, engineIP) };
    engine.board.pins.register(queryId, place.strategy);
    engine.runs.add(this);
    this.#lease = lease;
    return lease;
  }

  /** Null: the query has to be prepared again. */
  async #execute(lease: QueryLease, signal: AbortSignal | undefined): Promise<QueryLease | null> {
    const { typed, isV2 } = this.#statement;
    const of = { engineIP: lease.engineIP, queryId: lease.queryId, shouldNotCache: false };
    const outcome = isV2
      ? await this.#engine.leased(this.#idempotent ? RPCS.executeV2Again : RPCS.executeV2, lease, {
          request: (sessionId) => ({ ...of, sessionId, params: [...typed] }),
          signal,
        })
      : await this.#engine.leased(this.#idempotent ? RPCS.executeAgain : RPCS.execute, lease, {
          request: (sessionId) => ({ ...of, sessionId }),
          signal,
        });
    if (outcome.kind === 'ok') return leaseAt(lease, outcome.place);
    if (outcome.kind === 'lost')
      throw this.#lostAfterSend(isV2 ? 'executeStatementV2' : 'executeStatement', outcome.cause);
    // 456 or NOT_FOUND: it was not executed, and there is nothing left to clear.
    this.#release();
    return null;
  }

  /** False: the query has to start anew. */
  async #readMetadata(lease: QueryLease, signal: AbortSignal | undefined): Promise<boolean> {
    const { engineIP, queryId } = lease;
    const outcome = await this.#engine.leased(RPCS.metadata, lease, {
      request: (sessionId) => ({ engineIP, queryId, sessionId }),
      signal,
    });
    this.#unlessEnded();
    if (outcome.kind !== 'ok') {
      this.#restartOrFail(lease, 'getResultMetadata', outcome);
      return false;
    }
    this.#lease = leaseAt(lease, outcome.place);
    const { columns, rowCount } = decodeMetadata(outcome.value.resultMetaData);
    this.#columns = columns;
    this.#rowCount = rowCount;
    return true;
  }

  #fetch(): Promise<Row[]> {
    return this.#ending.race(this.#fetchOn(), ended);
  }

  async #fetchOn(): Promise<Row[]> {
    for (;;) {
      const lease = this.#lease;
      if (lease === null) return [];
      const { engineIP, queryId } = lease;
      const outcome = await this.#engine.leased(RPCS.batch, lease, {
        request: (sessionId) => {
          // A repetition for which nobody waits any more is not sent.
          if (this.#ending.isOver) throw ended();
          return { engineIP, queryId, sessionId };
        },
        signal: undefined,
        hangUp: this.#hangUp,
      });
      if (outcome.kind === 'ok') {
        if (this.#lease !== null) this.#lease = leaseAt(lease, outcome.place);
        const bytes = outcome.value.resultBatch;
        return bytes.length === 0
          ? []
          : decodeBatch(this.#columns, bytes, { int64: this.#engine.options.int64 });
      }
      this.#restartOrFail(lease, 'getNextResultBatch', outcome);
      await this.#start(undefined);
    }
  }

  /** The query cannot go on where it is. Returns where it may start anew; throws where it may not. */
  #restartOrFail(lease: QueryLease, rpc: string, { kind, cause }: { kind: string; cause: unknown }): void {
    const { counters } = this.#engine.board;
    if (this.#idempotent && this.#rowsDelivered === 0) {
      this.#release();
      if (kind === 'lost') this.#engine.inBackground('clearing a query', clearLease(this.#engine, lease));
      counters.retries++;
      return;
    }
    if (kind === 'lost') throw this.#lostAfterSend(rpc, cause);
    // Nothing is left to clear.
    this.#release();
    counters.deploymentsGone++;
    throw new DeploymentGoneError({
      strategy: lease.strategy,
      rpc,
      rowsDelivered: this.#rowsDelivered,
      cause,
    });
  }

  #lostAfterSend(rpc: string, cause: unknown): LostAfterSend {
    this.#engine.board.counters.lostAfterSend++;
    return new LostAfterSend({ rpc, rowsDelivered: this.#rowsDelivered, cause });
  }

  #reachEnd(): void {
    this.#isAtEnd = true;
    if (this.#engine.options.autoClear) this.#end('clear');
  }

  /** Ends the query without a caller who waits for that. */
  #end(how: 'clear' | 'cancel'): void {
    const lease = this.#finish();
    if (lease === null || this.#engine.isClosed) return;
    const work = how === 'cancel' ? cancelLease(this.#engine, lease) : clearLease(this.#engine, lease);
    this.#engine.inBackground(`a ${how} of a query`, this.#told(work));
  }

  /** The engine knows, or can't be reached: a batch that has not come by then is not worth waiting for. */
  #told(work: Promise<void>): Promise<void> {
    return work.finally(() => this.#hangUp.end());
  }

  /** The query is over, and nobody has to be watched for its sake. */
  #finish(): QueryLease | null {
    unwatchForgotten(this);
    const lease = this.#release();
    this.#ending.end();
    return lease;
  }

  /** Takes the lease away, once, and ends its pin. */
  #release(): QueryLease | null {
    const lease = this.#lease;
    this.#lease = null;
    if (lease === null) return null;
    this.#engine.runs.delete(this);
    this.#engine.board.release(lease.queryId);
    return lease;
  }
}

/** What tells a query that was cleared or cancelled from one that has no more rows. */
const ended = (): StrategyClientError =>
  new StrategyClientError(
    'CLOSED',
    'the query was cleared or cancelled before its last row was fetched; execute it again for the rest',
  );
