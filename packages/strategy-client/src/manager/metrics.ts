import type { Strategy } from '../strategy.js';

/** A count for each deployment. */
export type PerStrategy = Readonly<Record<Strategy, number>>;

/** Durations in ms: how many were at most each bound, how many in all, and their sum. */
export interface DurationHistogram {
  readonly boundsMs: readonly number[];
  /** Cumulative, one for each bound. */
  readonly atMost: readonly number[];
  readonly count: number;
  readonly sumMs: number;
}

/** What a manager has counted since it was made; a copy, which needs no metrics library to be read. */
export interface StrategyMetrics {
  /** Moves of the routing target. */
  readonly switches: number;
  /** 456s received. */
  readonly mismatches: PerStrategy;
  /** Authentications sent. */
  readonly authentications: PerStrategy;
  /** Sessions opened because the deployment had forgotten an earlier one. */
  readonly reauthentications: PerStrategy;
  /** Calls that were sent again after a failure. */
  readonly retries: number;
  /** Queries that run, by the deployment that they are pinned to. */
  readonly pinned: PerStrategy;
  /** Queries whose cursor was garbage-collected before it was closed. */
  readonly abandoned: number;
  /** Calls that ended in `LostAfterSend`. */
  readonly lostAfterSend: number;
  /** Calls that ended in `DeploymentGoneError`. */
  readonly deploymentsGone: number;
  /** How long deployments took to drain after a switch. */
  readonly drains: DurationHistogram;
  /** How long resumes of a suspended cluster took. */
  readonly resumes: DurationHistogram;
}

const BOUNDS_MS: readonly number[] = [10, 100, 1_000, 10_000, 60_000, 300_000, 1_800_000];

/** Collects durations. */
export class Durations {
  readonly #atMost: number[] = BOUNDS_MS.map(() => 0);
  #count = 0;
  #sumMs = 0;

  add(ms: number): void {
    this.#count++;
    this.#sumMs += ms;
    for (const [at, bound] of BOUNDS_MS.entries())
      if (ms <= bound) this.#atMost[at] = (this.#atMost[at] ?? 0) + 1;
  }

  snapshot(): DurationHistogram {
    return { boundsMs: BOUNDS_MS, atMost: [...this.#atMost], count: this.#count, sumMs: this.#sumMs };
  }
}

/** The counters behind `StrategyMetrics`. */
export class Counters {
  switches = 0;
  readonly mismatches: Record<Strategy, number> = { blue: 0, green: 0 };
  readonly authentications: Record<Strategy, number> = { blue: 0, green: 0 };
  readonly reauthentications: Record<Strategy, number> = { blue: 0, green: 0 };
  retries = 0;
  abandoned = 0;
  lostAfterSend = 0;
  deploymentsGone = 0;
  readonly drains: Durations = new Durations();
  readonly resumes: Durations = new Durations();
}
