import { onAbort } from './on-abort.js';

/**
 * All that this package knows of time. Injected, so that a run can be replayed from a seed and so that an hour can
 * pass in a test without waiting for it.
 */
export interface Clock {
  /** Wall time in ms since 1970. May jump; used for tokens, ages and displays, never for a wait. */
  now(): number;
  /**
   * Time in ms that never goes back and that all processes of this host share until it is rebooted, so that one
   * process may judge an instant that another wrote down.
   */
  monotonic(): number;
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
  schedule(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves after `delayMs`, or at once when `signal` aborts: a wait that is cut short is not an error, the caller
 * looks at the signal. No listener or timer outlives it.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = (): void => {
      cancel();
      unlink();
      resolve();
    };
    const cancel = clock.schedule(delayMs, wake);
    const unlink = onAbort(signal, wake);
  });
}
