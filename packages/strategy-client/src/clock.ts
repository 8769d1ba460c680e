/** All that this package knows of time. Injected, so that a run can be replayed. */
export interface Clock {
  /** Wall time in ms since 1970. May jump: it stamps what other processes and gRPC deadlines have to understand. */
  now(): number;
  /** Time in ms that never goes back: it measures ages and durations. */
  monotonic(): number;
  /**
   * Calls `action` once, about `delayMs` from now; the returned function cancels it. Timers may fire a little early: who
   * has to be sure that a time is over looks at the clock again.
   */
  schedule(delayMs: number, action: () => void): () => void;
}

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The host's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
