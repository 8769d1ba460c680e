import { ReliableConnectorError } from '../../errors.js';
import type { Database, Statement } from './driver.js';
import type { ResolvedSqliteJournalOptions } from './options.js';
import { busy, isBusy, isFatal, stopped, unstorable } from './sqlite-error.js';
import { turnWaitMs } from './turn.js';

/**
 * After BUSY was met, this long each own commit is followed by a pause of 1–3 ms, so that the other processes get their
 * turn. Longer ones (4–10 ms) cost 4 × 16 callers a quarter of their throughput.
 */
const CROWDED_MS = 100;
const LEAST_PAUSE_MS = 1;
const PAUSE_SPREAD_MS = 2;
/** A hint that nothing superseded is written after this time. */
const HINT_MS = 50;

/** One write: runs inside a transaction, and its caller hears of it when that is durable. */
interface Job {
  /** Checks before it writes: a `ReliableConnectorError` of it means that it has written nothing. */
  readonly run: () => unknown;
  readonly settle: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Monotonic ms at which it first found the journal held by others. */
  since: number | null;
}

type Ran = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** State in memory that belongs to the open transaction and follows its fate. */
export interface Participant {
  /** The last writes of a transaction, before its commit. With `hintsDue`, hints as well. */
  beforeCommit(hintsDue: boolean): void;
  committed(): void;
  rolledBack(): void;
  /** Remembers the state within the transaction; the returned function goes back to it. */
  mark(): () => void;
}

/**
 * Writes of one turn of the event loop, of whatever sessions, share one transaction (4.3). A held journal is waited for
 * by timer, never by blocking the loop. A failed commit stops everything: it is not repeated, and what waits is rejected.
 * What can still go wrong: the failed commit may have reached the disk, so recovery may find what nobody was told.
 */
export class GroupCommit {
  readonly #db: Database;
  readonly #path: string;
  readonly #o: ResolvedSqliteJournalOptions;
  readonly #participants = new Set<Participant>();
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  #queue: Job[] = [];
  #scheduled = false;
  #metBusyAt: number | null = null;
  #pauseUntil = 0;
  #cancelTimer: (() => void) | null = null;
  #cancelHints: (() => void) | null = null;
  #hintsDue = false;
  #failure: ReliableConnectorError | null = null;

  constructor(db: Database, path: string, o: ResolvedSqliteJournalOptions) {
    this.#db = db;
    this.#path = path;
    this.#o = o;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  add(participant: Participant): void {
    this.#participants.add(participant);
  }

  remove(participant: Participant): void {
    this.#participants.delete(participant);
  }

  /** Throws what stopped the journal or closed it. */
  assertRunning(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Runs statements that only read; a damaged page or a failing disk stops the journal here as well. */
  read<T>(run: () => T): T {
    this.assertRunning();
    try {
      return run();
    } catch (error) {
      if (isFatal(error)) this.#fail(error);
      this.assertRunning();
      throw error;
    }
  }

  /** Resolves with what `run` returned, once that is durable. */
  submit<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#queue.push({ run, settle: resolve as (value: unknown) => void, reject, since: null });
      this.#schedule();
    });
  }

  /** A hint waits in a participant: it is written with what comes along in a while, or then by itself. */
  hint(): void {
    if (this.#cancelHints !== null || this.#failure !== null) return;
    this.#cancelHints = this.#o.clock.schedule(HINT_MS, () => {
      this.#cancelHints = null;
      this.#hintsDue = true;
      this.#schedule();
    });
  }

  /** Takes nothing more and rejects what waits. */
  stop(failure: ReliableConnectorError): void {
    this.#failure ??= failure;
    this.#cancelTimer?.();
    this.#cancelHints?.();
    this.#cancelTimer = null;
    this.#cancelHints = null;
    const waiting = this.#queue;
    this.#queue = [];
    for (const job of waiting) job.reject(this.#failure);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#metBusyAt === null) setImmediate(this.#flush);
    else this.#after(Math.max(0, this.#pauseUntil - this.#o.clock.monotonic()));
  }

  #after(delayMs: number): void {
    this.#cancelTimer = this.#o.clock.schedule(delayMs, this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    this.#cancelTimer = null;
    if (this.#failure !== null || (this.#queue.length === 0 && !this.#hintsDue)) return;
    try {
      this.#begin.run();
    } catch (error) {
      if (isBusy(error)) this.#waitTurn(error);
      else this.#fail(error);
      return;
    }
    const jobs = this.#queue;
    this.#queue = [];
    let ran: Ran[] | null = null;
    try {
      ran = this.#runTogether(jobs) ?? this.#runApart(jobs);
      this.#beforeCommit();
      this.#commit.run();
    } catch (error) {
      this.#rollback();
      this.#queue = jobs.concat(this.#queue);
      this.#fail(error);
      return;
    }
    for (const participant of this.#participants) participant.committed();
    this.#hintsDue = false;
    this.#pauseIfCrowded();
    jobs.forEach((job, i) => {
      const result = ran[i];
      if (result?.ok) job.settle(result.value);
      else job.reject(result?.error);
    });
  };

  /** The fast path: no savepoints. null: SQLite refused something unforeseen; the transaction was begun anew. */
  #runTogether(jobs: readonly Job[]): Ran[] | null {
    try {
      return jobs.map(({ run }) => {
        try {
          return { ok: true, value: run() };
        } catch (error) {
          if (error instanceof ReliableConnectorError) return { ok: false, error };
          throw error;
        }
      });
    } catch (error) {
      if (isFatal(error)) throw error;
      this.#rollback();
      this.#begin.run();
      return null;
    }
  }

  /** Each job in its own savepoint: the one that cannot be written fails alone. */
  #runApart(jobs: readonly Job[]): Ran[] {
    return jobs.map(({ run }) => {
      const marks = [...this.#participants].map((participant) => participant.mark());
      this.#db.exec('SAVEPOINT job');
      try {
        const value = run();
        this.#db.exec('RELEASE job');
        return { ok: true, value };
      } catch (error) {
        if (isFatal(error)) throw error;
        this.#db.exec('ROLLBACK TO job; RELEASE job');
        for (const back of marks) back();
        return { ok: false, error: unstorable(this.#path, error) };
      }
    });
  }

  #beforeCommit(): void {
    for (const participant of this.#participants) participant.beforeCommit(this.#hintsDue);
  }

  #rollback(): void {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // Whoever goes on finds the transaction still open at its BEGIN, and stops the journal.
    }
    for (const participant of this.#participants) participant.rolledBack();
  }

  #waitTurn(error: unknown): void {
    const now = this.#o.clock.monotonic();
    this.#metBusyAt = now;
    const patient = this.#queue.filter((job) => {
      job.since ??= now;
      if (now - job.since < this.#o.busyMs) return true;
      job.reject(busy(this.#path, this.#o.busyMs, error));
      return false;
    });
    this.#queue = patient;
    if (patient.length === 0 && !this.#hintsDue) return;
    this.#scheduled = true;
    this.#after(turnWaitMs(this.#o.random));
  }

  #pauseIfCrowded(): void {
    if (this.#metBusyAt === null) return;
    const now = this.#o.clock.monotonic();
    if (now - this.#metBusyAt < CROWDED_MS)
      this.#pauseUntil = now + LEAST_PAUSE_MS + PAUSE_SPREAD_MS * this.#o.random();
    else this.#metBusyAt = null;
  }

  #fail(cause: unknown): void {
    const failure = stopped(this.#path, cause);
    this.#o.logger.error({ path: this.#path, err: cause }, 'the journal has stopped');
    this.stop(failure);
  }
}
