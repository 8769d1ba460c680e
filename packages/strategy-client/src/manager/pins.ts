import type { Strategy } from '../strategy.js';

/** Pins of ended queries that are remembered, so that a late cancel still finds its deployment (engine-wire 4.12). */
const MAX_ENDED = 10_000;

/**
 * Which deployment each query runs on. A pin never keeps new calls from moving: it only tells where the calls of its own
 * query go.
 */
export class QueryPins {
  readonly #pins = new Map<string, Strategy>();
  readonly #ended = new Map<string, Strategy>();
  /** Their ids in the order in which they ended, around and around: the oldest is where the next goes. */
  readonly #order: string[] = [];
  #next = 0;
  readonly #counts: Record<Strategy, number> = { blue: 0, green: 0 };

  /** Pins a query; pinning it again moves it. */
  register(queryId: string, strategy: Strategy): void {
    this.release(queryId);
    this.#ended.delete(queryId);
    this.#pins.set(queryId, strategy);
    this.#counts[strategy]++;
  }

  /** Where a running query is pinned. */
  get(queryId: string): Strategy | null {
    return this.#pins.get(queryId) ?? null;
  }

  /** Where a running query is, or one that ended lately was, pinned. */
  lastOf(queryId: string): Strategy | null {
    return this.#pins.get(queryId) ?? this.#ended.get(queryId) ?? null;
  }

  /** Ends a pin; the deployment that it was on, or null for a query that has none. */
  release(queryId: string): Strategy | null {
    const strategy = this.#pins.get(queryId);
    if (strategy === undefined) return null;
    this.#pins.delete(queryId);
    this.#counts[strategy]--;
    this.#remember(queryId, strategy);
    return strategy;
  }

  /** Something runs there that has no id: a stream, a call under way. */
  enter(strategy: Strategy): void {
    this.#counts[strategy]++;
  }

  /** What `enter` counted has ended. */
  leave(strategy: Strategy): void {
    this.#counts[strategy]--;
  }

  /** Queries, and what else was counted, that run on a deployment. */
  count(strategy: Strategy): number {
    return this.#counts[strategy];
  }

  get size(): number {
    return this.#pins.size;
  }

  /** All pins, as an object of its own. */
  snapshot(): Record<string, Strategy> {
    return Object.fromEntries(this.#pins);
  }

  #remember(queryId: string, strategy: Strategy): void {
    const oldest = this.#order[this.#next];
    if (oldest !== undefined) this.#ended.delete(oldest);
    this.#order[this.#next] = queryId;
    this.#next = (this.#next + 1) % MAX_ENDED;
    this.#ended.set(queryId, strategy);
  }
}
