import type { Clock } from '../clock.js';
import type { TermReport } from '../group/worker-facts.js';

/** Ms after which a report is told again although it says nothing new. */
const AGAIN_MS = 3_000;

/** What was told last, and whether it is time again: each telling is a write that wakes every member of the group. */
export class News {
  readonly #clock: Clock;
  #told = '';
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the report says something new, beyond that there was one more run, or the last one is old. */
  isDue(report: TermReport): boolean {
    return this.#clock.monotonic() - this.#toldAt >= AGAIN_MS || essence(report) !== this.#told;
  }

  /** Notes that this report is told now. */
  told(report: TermReport): TermReport {
    this.#told = essence(report);
    this.#toldAt = this.#clock.monotonic();
    return report;
  }
}

function essence({ at: _at, runs: _runs, durationMs: _durationMs, ...rest }: TermReport): string {
  return JSON.stringify(rest);
}
