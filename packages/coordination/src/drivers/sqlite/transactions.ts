import type { DriverContext } from '../../driver/index.js';
import { OperationTimedOut } from '../../errors.js';
import { closedError } from '../embedded/closed-error.js';
import type { Database, Statement } from './library.js';
import { failed, isBusy } from './sqlite-error.js';
import { waitMs } from './wait.js';

/** Steps of one transaction: more would keep others, and the event loop, waiting. */
const MOST_STEPS = 100;
/** Attempts in as many turns of the event loop before waiting by timer: another's transaction takes some 50 µs. */
const QUICK_ATTEMPTS = 5;
/**
 * For so long after a held file was met, a pause of 1 to 3 ms follows each slice of own transactions: SQLite has no queue
 * of writers, and who always comes back at once would leave the others no gap but by chance.
 */
const CROWDED_MS = 100;
/** Four processes with a lock each did six times as much as without slices, and none waited longer. */
const SLICE_MS = 2;

interface Job {
  readonly operation: string;
  readonly writes: boolean;
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Monotonic ms of its first attempt. */
  since: number | null;
}

export interface TransactionsOptions {
  readonly db: Database;
  readonly path: string;
  readonly context: Pick<DriverContext, 'clock' | 'random' | 'timeoutMs'>;
  /** Runs first in each transaction; what it throws fails all its steps. */
  readonly onBegin: () => void;
  /** Runs before a commit that writes, in the same transaction. */
  readonly beforeCommit: () => void;
  readonly afterCommit: () => void;
  readonly afterRollback: () => void;
}

/**
 * Runs steps in the order in which they came; those of one turn of the event loop share a transaction. A held file is
 * waited for without blocking the loop, for at most `timeoutMs` for each step.
 */
export class Transactions {
  readonly #o: TransactionsOptions;
  readonly #begin: Statement<[]>;
  readonly #beginImmediate: Statement<[]>;
  readonly #commit: Statement<[]>;
  #queue: Job[] = [];
  /** Steps to run alone, since they failed together. */
  #apart = 0;
  #attempts = 0;
  #metBusyAt = -Infinity;
  #pauseUntil = -Infinity;
  #sliceEndsAt = -Infinity;
  /** Takes back what is scheduled; null if nothing is. */
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(o: TransactionsOptions) {
    this.#o = o;
    this.#begin = o.db.prepare('BEGIN');
    this.#beginImmediate = o.db.prepare('BEGIN IMMEDIATE');
    this.#commit = o.db.prepare('COMMIT');
  }

  submit<T>(job: {
    readonly operation: string;
    readonly writes: boolean;
    readonly run: () => T;
  }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(closedError(job.operation));
      this.#queue.push({ ...job, resolve: resolve as (value: unknown) => void, reject, since: null });
      this.#schedule();
    });
  }

  /** Rejects what waits. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = null;
    for (const job of this.#queue.splice(0)) job.reject(closedError(job.operation));
  }

  #schedule(): void {
    if (this.#cancel !== null || this.#queue.length === 0) return;
    const pauseMs = this.#pauseUntil - this.#o.context.clock.monotonic();
    if (pauseMs > 0) this.#after(pauseMs);
    else this.#nextTurn();
  }

  #nextTurn(): void {
    const immediate = setImmediate(this.#flush);
    this.#cancel = () => clearImmediate(immediate);
  }

  #after(delayMs: number): void {
    this.#cancel = this.#o.context.clock.schedule(delayMs, this.#flush);
  }

  readonly #flush = (): void => {
    this.#cancel = null;
    const jobs = this.#queue.slice(0, this.#apart > 0 ? 1 : MOST_STEPS);
    let results: unknown[];
    try {
      results = this.#transact(jobs);
    } catch (error) {
      this.#rollback();
      if (isBusy(error)) this.#waitTurn();
      else this.#fail(jobs, error);
      return;
    }
    this.#settled(jobs.length);
    this.#o.afterCommit();
    this.#pauseIfCrowded();
    jobs.forEach((job, i) => {
      job.resolve(results[i]);
    });
    this.#schedule();
  };

  #transact(jobs: readonly Job[]): unknown[] {
    const writes = jobs.some((job) => job.writes);
    const statement = writes ? this.#beginImmediate : this.#begin;
    statement.run();
    this.#o.onBegin();
    const results = jobs.map((job) => job.run());
    if (writes) this.#o.beforeCommit();
    this.#commit.run();
    return results;
  }

  #rollback(): void {
    try {
      if (this.#o.db.inTransaction) this.#o.db.exec('ROLLBACK');
    } catch {
      // Whoever comes next finds the transaction still open at its BEGIN, and fails there.
    }
    this.#o.afterRollback();
  }

  #settled(count: number): void {
    this.#queue.splice(0, count);
    this.#apart = Math.max(0, this.#apart - count);
    this.#attempts = 0;
  }

  /** One that cannot be done must not fail its neighbours. */
  #fail(jobs: readonly Job[], error: unknown): void {
    if (jobs.length > 1) this.#apart = jobs.length;
    else {
      this.#settled(jobs.length);
      for (const job of jobs) job.reject(failed(this.#o.path, job.operation, error));
    }
    this.#schedule();
  }

  #waitTurn(): void {
    const { clock, random, timeoutMs } = this.#o.context;
    const now = clock.monotonic();
    this.#metBusyAt = now;
    this.#queue = this.#queue.filter((job) => {
      job.since ??= now;
      if (now - job.since < timeoutMs) return true;
      job.reject(new OperationTimedOut(`${job.operation} on ${this.#o.path}, which others hold,`, timeoutMs));
      return false;
    });
    if (this.#queue.length === 0) this.#attempts = 0;
    else if (++this.#attempts < QUICK_ATTEMPTS) this.#nextTurn();
    else this.#after(waitMs(random));
  }

  #pauseIfCrowded(): void {
    const { clock, random } = this.#o.context;
    const now = clock.monotonic();
    if (now - this.#metBusyAt >= CROWDED_MS || now < this.#sliceEndsAt) return;
    this.#pauseUntil = now + waitMs(random);
    this.#sliceEndsAt = this.#pauseUntil + SLICE_MS;
  }
}
