import type { Notice } from './notices.js';
import type { Tables } from './tables.js';

/** One atomic step: everything in it happens at one instant, or nothing does. */
export interface Step {
  readonly tables: Tables;
  /** Monotonic ms of that instant. */
  readonly now: number;
  /** Wall time of that instant, whole µs since 1970: the floor of the counter. */
  readonly wallMicros: number;
  /** Collects what others are told once the step has happened. */
  readonly notices: Notice[];
}

/**
 * Where an embedded driver keeps its rows. Steps take effect one after the other in the order in which they were
 * called. After `close` each call rejects with `NOT_STARTED`.
 */
export interface Store {
  /** `operation` names the call in errors. */
  write<T>(operation: string, run: (step: Step) => T): Promise<T>;
  /** As `write`, for a step that changes nothing and tells nobody. */
  read<T>(operation: string, run: (step: Step) => T): Promise<T>;
  /** Notices of all steps of this namespace that happen after the promise resolves, by whomever. Called once. */
  listen(onNotices: (notices: readonly Notice[]) => void): Promise<void>;
  close(): Promise<void>;
}
