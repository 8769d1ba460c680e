import type { Clock } from '../clock.js';

/**
 * Hands out ids to work on until time is up or the run is to stop. What did not get its turn comes first the next time,
 * so that ids which always fail keep no others from theirs.
 */
export class IdFeed {
  readonly #clock: Clock;
  /** The last id that was handed out by a run that ended early; null: begin at the beginning. */
  #after: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the last run ended before all ids had their turn. */
  get isBehind(): boolean {
    return this.#after !== null;
  }

  /** Ids in their order, at most until `until` (monotonic ms). */
  *take(ids: readonly string[], until: number, stop: AbortSignal): Generator<string> {
    const sorted = ids.toSorted();
    const after = this.#after;
    const first = after === null ? 0 : sorted.findIndex((id) => id > after);
    const start = Math.max(first, 0);
    this.#after = null;
    for (const id of [...sorted.slice(start), ...sorted.slice(0, start)]) {
      if (stop.aborted) return;
      if (this.#clock.monotonic() >= until) return;
      yield id;
      this.#after = id;
    }
    this.#after = null;
  }
}
