/** All that the engine knows of time. Injected, so that a test may drive phases and delays itself. */
export interface Clock {
  /** Wall time in ms since 1970; dates entries of the state, never used for a wait. */
  now(): number;
  /** Time in ms that never goes back, from an arbitrary start; measures how long something took. */
  monotonic(): number;
  /** Calls `action` once, not before `delayMs` from now; the returned function cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

/** The host's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
