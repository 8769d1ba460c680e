import { QueryRun } from '../../src/cursor/query-run.js';
import type { EngineClient } from '../../src/engine/engine-client.js';
import type { QueryConfig } from './config.js';
import { sqlOf } from './engine/virtual-engine.js';
import type { Choice, ChoiceSource } from './world/choice.js';

/** A user who runs one query and reads all its rows. */
export class UserQuery implements ChoiceSource {
  readonly sql: string;
  readonly config: QueryConfig;
  readonly rows: number[] = [];
  error: Error | null = null;
  wasCancelled = false;
  isOver = false;
  readonly #engine: EngineClient;
  readonly #ended: (user: UserQuery) => void;
  readonly #cancelling = new AbortController();
  #hasBegun = false;

  constructor(at: number, config: QueryConfig, engine: EngineClient, ended: (user: UserQuery) => void) {
    this.sql = sqlOf(at);
    this.config = config;
    this.#engine = engine;
    this.#ended = ended;
  }

  choices(): readonly Choice[] {
    if (!this.#hasBegun) return [{ kind: 'user', label: `${this.sql} begins`, take: () => this.#begin() }];
    if (this.isOver || this.wasCancelled || this.config.cancellable !== true) return [];
    return [{ kind: 'fault', label: `${this.sql} is cancelled`, take: () => this.#cancel() }];
  }

  #begin(): void {
    this.#hasBegun = true;
    void this.#run().then(
      () => this.#end(null),
      (error: Error) => this.#end(error),
    );
  }

  #cancel(): void {
    this.wasCancelled = true;
    this.#cancelling.abort(new Error('the user has had enough'));
  }

  async #run(): Promise<void> {
    const { signal } = this.#cancelling;
    const { idempotent } = this.config;
    const statement = { sql: this.sql, catalog: '', schema: '', typed: [], isV2: false };
    const run = await QueryRun.start(this.#engine, statement, { idempotent, signal });
    for (let rows = await run.next(signal); rows.length > 0; rows = await run.next(signal))
      for (const [row] of rows) this.rows.push(Number(row));
  }

  #end(error: Error | null): void {
    this.error = error;
    this.isOver = true;
    this.#ended(this);
  }
}
