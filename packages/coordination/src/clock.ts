import { uptime } from 'node:os';

/**
 * All that this package knows of time. Injected, so that a test can let a lease end without waiting for it.
 */
export interface Clock {
  /** Wall time in ms since 1970. May jump: it raises the fencing counter and stamps events, and ends no lease. */
  now(): number;
  /**
   * Time in ms that never goes back and that all processes of this host share until it is rebooted, so that one process
   * may judge an instant that another wrote down. It may stand still while the host is suspended.
   */
  monotonic(): number;
  /** Time in ms since the host's boot that also counts while it is suspended. Costs more than `monotonic`. */
  uptime(): number;
  /**
   * Calls `action` once, about `delayMs` from now; the returned function cancels it. Timers may fire a little early: who
   * has to be sure that a time is over looks at the clock again.
   */
  schedule(delayMs: number, action: () => void): () => void;
}

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The host's own clocks. On Linux `hrtime` counts from boot and is the same in every process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  uptime: () => uptime() * 1000,
  schedule(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
