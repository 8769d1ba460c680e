import { status } from '@grpc/grpc-js';
import type { Colour } from '../colour.js';
import type { PreparedQuery, StatementText } from '../sql/query-source.js';
import { accessDenied, GrpcFailure } from './grpc-failure.js';
import type { IdSource } from './id-source.js';
import { LruMap } from './lru-map.js';
import { RunningQuery } from './running-query.js';

export interface DeploymentOptions {
  readonly colour: Colour;
  readonly ids: IdSource;
  readonly maxQueries: number;
  readonly sessions: LruMap<true>;
  /** Whether the sessions are those of both deployments and end with neither. */
  readonly lenientSessions: boolean;
  /** The last query has ended. */
  readonly idle: (colour: Colour) => void;
}

/** One of the two engines: its sessions and its queries. */
export class Deployment {
  readonly colour: Colour;
  readonly #options: DeploymentOptions;
  readonly #queries: LruMap<RunningQuery>;
  #generation = 1;

  constructor(options: DeploymentOptions) {
    this.colour = options.colour;
    this.#options = options;
    this.#queries = new LruMap(options.maxQueries, (query) => query.close());
  }

  /** Counts how often this colour has been started. */
  get generation(): number {
    return this.#generation;
  }

  /** The address by which replies name this deployment; another one after each start. */
  get engineIP(): string {
    return `planner-${this.#generation}.${this.colour}`;
  }

  get sessions(): number {
    return this.#options.sessions.size;
  }

  get runningQueries(): number {
    return this.#queries.size;
  }

  openSession(): string {
    const id = this.#options.ids.next('s');
    this.#options.sessions.set(id, true);
    return id;
  }

  /** @throws GrpcFailure `Access denied`. */
  checkSession(id: string): void {
    if (this.#options.sessions.get(id) === undefined) throw accessDenied();
  }

  /** Forgets all sessions; how many there were. Queries go on, and belong to whoever authenticates and knows their id. */
  expireSessions(): number {
    return this.#options.sessions.clear().length;
  }

  open(statement: StatementText, prepared: PreparedQuery): RunningQuery {
    const query = new RunningQuery(this.#options.ids.next('q'), statement, prepared);
    this.#queries.set(query.id, query);
    return query;
  }

  /** @throws GrpcFailure NOT_FOUND. */
  query(id: string): RunningQuery {
    const query = this.#queries.get(id);
    if (query === undefined) throw unknownQuery(id, this.colour);
    return query;
  }

  /** Ends a query. @throws GrpcFailure NOT_FOUND. */
  end(id: string): void {
    const query = this.#queries.delete(id);
    if (query === undefined) throw unknownQuery(id, this.colour);
    query.close();
    if (this.#queries.size === 0) this.#options.idle(this.colour);
  }

  /** Destroys sessions and queries; what comes later belongs to a new generation. */
  restart(): void {
    this.#generation += 1;
    if (!this.#options.lenientSessions) this.#options.sessions.clear();
    for (const query of this.#queries.clear()) query.close();
  }
}

const unknownQuery = (id: string, colour: Colour): GrpcFailure =>
  new GrpcFailure(status.NOT_FOUND, `query ${id} is not known on ${colour}`);
