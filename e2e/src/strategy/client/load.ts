import { type Connection, StrategyClientError } from '@holdfast/strategy-client';
import { now } from '../../coordination/now.js';
import { type Random, seededRandom } from '../../seeded-random.js';
import type { Call, CallTap } from './call-tap.js';
import type { LoadOptions, LoadReport, Mix, QueryEnd, QueryKind, Step } from './protocol.js';
import { QUERIES, WrongRows } from './queries.js';

/** Those that change rows, and those whose questions about a running query can't be asked of another one. */
const NOT_IDEMPOTENT: ReadonlySet<QueryKind> = new Set(['insert', 'update', 'explain']);
/** Calls that nobody waits for, or that belong to no query. */
const NOT_OF_A_QUERY: ReadonlySet<string> = new Set([
  'clearOrCancelQuery',
  'cancelQuery',
  'clear',
  'authenticate',
]);

/** Lanes of one query after the other, and a record of each, to which the tap adds what was really sent for it. */
export class Load implements CallTap {
  readonly #name: string;
  readonly #seed: number;
  readonly #queries: QueryEnd[] = [];
  readonly #steps: Step[] = [];
  readonly #byTag = new Map<string, QueryEnd>();
  readonly #byId = new Map<string, QueryEnd>();
  readonly #calm = new AbortController();
  readonly #executed = new Map<string, number>();
  #lanes: readonly Promise<void>[] = [];

  constructor(o: { readonly name: string; readonly seed: number }) {
    this.#name = o.name;
    this.#seed = o.seed;
  }

  start(connection: Connection, options: LoadOptions): void {
    const { manager } = connection;
    const told = (what: 'pending' | 'switched', strategy: string, left: number): void => {
      this.#steps.push({ at: now(), what, rpc: '', strategy, word: '', left });
    };
    manager.on('pending', ({ strategy }) => told('pending', strategy, 0));
    manager.on('switched', ({ from, to }) => told('switched', to, manager.metrics().pinned[from]));
    this.#lanes = Array.from({ length: options.lanes }, (_, lane) => this.#lane(connection, options, lane));
  }

  /** Queries that have been executed on a deployment. */
  executed(strategy: string): number {
    return this.#executed.get(strategy) ?? 0;
  }

  /** Resolves when all that was begun has ended. */
  async calm(connection: Connection): Promise<LoadReport> {
    this.#calm.abort();
    await Promise.all(this.#lanes);
    return { queries: this.#queries, steps: this.#steps, metrics: connection.manager.metrics() };
  }

  started(call: Call): void {
    if (this.#lanes.length === 0) return;
    this.#step('start', call, '');
    const query = this.#queryOf(call);
    if (query === undefined) return;
    if (call.rpc.startsWith('prepareStatement')) query.prepared = call.from;
    if (call.rpc.startsWith('executeStatement')) {
      query.executed = call.from;
      query.strategy = call.strategy;
    }
  }

  ended(call: Call, error: unknown, response: unknown): void {
    if (this.#lanes.length === 0) return;
    const { newStrategy = '', queryId } = Object(response);
    this.#step(error === null ? 'end' : 'failed', call, newStrategy);
    if (error !== null) return;
    if (call.rpc.startsWith('executeStatement'))
      this.#executed.set(call.strategy, this.executed(call.strategy) + 1);
    const query = call.rpc.startsWith('prepareStatement') ? this.#queryOf(call) : undefined;
    if (query !== undefined) this.#byId.set(queryId, query);
  }

  wasUnderWay(call: Call): void {
    const query = this.#queryOf(call);
    if (query !== undefined) query.wasCut = true;
  }

  async #lane(connection: Connection, options: LoadOptions, lane: number): Promise<void> {
    const random = seededRandom(this.#seed + lane);
    for (let n = 0; !this.#calm.signal.aborted; n++) {
      const kind = pick(options.mix, random);
      const idempotent = !NOT_IDEMPOTENT.has(kind) && random() < options.idempotent;
      const tag = `${this.#name}-${lane}-${n}`;
      const query: QueryEnd = {
        ...{ tag, kind, idempotent, from: now(), to: 0, prepared: 0, executed: 0, strategy: '' },
        ...{ wasCut: false, rows: 0, end: 'ok', message: '' },
      };
      this.#queries.push(query);
      this.#byTag.set(tag, query);
      const { readMs } = options;
      const got = (): void => {
        query.rows++;
      };
      try {
        await QUERIES[kind]({ connection, tag, random, options: { idempotent }, readMs, got });
      } catch (error) {
        query.end = error instanceof StrategyClientError ? error.code : 'OTHER';
        if (error instanceof WrongRows) query.end = 'WRONG';
        query.message = String(error);
      }
      query.to = now();
    }
  }

  /** By the statement's text where there is no id yet. */
  #queryOf({ rpc, request }: Call): QueryEnd | undefined {
    if (NOT_OF_A_QUERY.has(rpc)) return undefined;
    const { queryString, queryId } = Object(request);
    if (typeof queryString !== 'string') return this.#byId.get(queryId);
    return this.#byTag.get(/\/\* (\S+) \*\//.exec(queryString)?.[1] ?? '');
  }

  #step(what: Step['what'], { rpc, strategy }: Call, word: string): void {
    this.#steps.push({ at: now(), what, rpc, strategy, word, left: 0 });
  }
}

function pick(mix: Mix, random: Random): QueryKind {
  const kinds = Object.entries(mix) as [QueryKind, number][];
  let left = random() * kinds.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of kinds) {
    left -= share;
    if (left < 0) return kind;
  }
  throw new RangeError('the mix is empty');
}
