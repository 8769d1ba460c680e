import type { RunResult } from './reconciler.js';

/** Runs in a row with nothing to do before the leader takes its time. */
const CALM_RUNS = 15;
const CALM_FACTOR = 2;

/**
 * How long a leader waits between two runs: the interval, and twice as long while there has been nothing to do for some
 * time, since most of what an idle stack costs is asking whether it still is one.
 */
export class Pace {
  readonly #intervalMs: number;
  #wanted: number | null = null;
  #calm = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Ms until the next run. */
  get pauseMs(): number {
    return this.#calm < CALM_RUNS ? this.#intervalMs : this.#intervalMs * CALM_FACTOR;
  }

  /** A run has ended; null: it could not be carried through. */
  ran(result: RunResult | null): void {
    const wanted = result?.wanted ?? null;
    const isCalm = result?.converged && !isChange(result) && wanted === this.#wanted;
    this.#wanted = wanted;
    this.#calm = isCalm ? this.#calm + 1 : 0;
  }
}

function isChange({ created, deleted, repaired }: RunResult): boolean {
  return created + deleted + repaired > 0;
}
