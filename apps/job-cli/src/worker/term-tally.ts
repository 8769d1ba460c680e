import type { TermReport } from '../group/worker-facts.js';
import type { RunResult } from './reconciler.js';

/** What a leader tells of its term, run by run. */
export class TermTally {
  #report: TermReport;

  constructor(term: bigint, nowMs: number) {
    this.#report = {
      term: String(term),
      since: nowMs,
      at: nowMs,
      runs: 0,
      failedRuns: 0,
      durationMs: 0,
      wanted: null,
      actual: {},
      converged: false,
      created: 0,
      deleted: 0,
      repaired: 0,
      adopted: 0,
      foreign: 0,
      open: 0,
      parked: 0,
      colour: null,
      error: null,
    };
  }

  get report(): TermReport {
    return this.#report;
  }

  /** An unfinished saga was taken over. */
  adopted(): void {
    this.#report = { ...this.#report, adopted: this.#report.adopted + 1 };
  }

  /** A run has ended. */
  ended(result: RunResult, at: number, durationMs: number): void {
    const { created, deleted, repaired, more: _more, ...found } = result;
    const before = this.#report;
    this.#report = {
      ...before,
      ...found,
      at,
      durationMs: Math.round(durationMs),
      runs: before.runs + 1,
      failedRuns: before.failedRuns + (result.error === null ? 0 : 1),
      created: before.created + created,
      deleted: before.deleted + deleted,
      repaired: before.repaired + repaired,
    };
  }

  /** A run could not be carried through; what was found before stands as it was. */
  failed(error: string, at: number, durationMs: number): void {
    const before = this.#report;
    this.#report = {
      ...before,
      at,
      durationMs: Math.round(durationMs),
      runs: before.runs + 1,
      failedRuns: before.failedRuns + 1,
      converged: false,
      error,
    };
  }
}
