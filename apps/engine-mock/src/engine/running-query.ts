import { status } from '@grpc/grpc-js';
import type { PreparedQuery, ResultSource, StatementText, TypedParameter } from '../sql/query-source.js';
import { GrpcFailure } from './grpc-failure.js';

/** A query from its preparation until it is cleared, is cancelled or ends with its deployment. */
export class RunningQuery {
  readonly id: string;
  readonly statement: StatementText;
  readonly #prepared: PreparedQuery;
  #result: ResultSource | undefined;

  constructor(id: string, statement: StatementText, prepared: PreparedQuery) {
    this.id = id;
    this.statement = statement;
    this.#prepared = prepared;
  }

  /** Runs the statement. A second time runs it again, with all its effects: who may not do that must not ask. */
  execute(params?: readonly TypedParameter[]): void {
    const result = this.#prepared.execute(params);
    this.#result?.close();
    this.#result = result;
  }

  get isExecuted(): boolean {
    return this.#result !== undefined;
  }

  /** @throws GrpcFailure FAILED_PRECONDITION before the first execution. */
  get result(): ResultSource {
    if (this.#result !== undefined) return this.#result;
    throw new GrpcFailure(
      status.FAILED_PRECONDITION,
      `query ${this.id} has not been executed; call executeStatement first`,
    );
  }

  close(): void {
    this.#result?.close();
  }
}
