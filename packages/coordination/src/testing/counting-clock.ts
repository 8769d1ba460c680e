import { type Clock, systemClock } from '../clock.js';

/** The host's clock, which knows how many timers are waiting. */
export interface CountingClock extends Clock {
  readonly pending: number;
}

export function countingClock(): CountingClock {
  const waiting = new Set<object>();
  return {
    ...systemClock,
    schedule(delayMs, action) {
      const timer = {};
      waiting.add(timer);
      const cancel = systemClock.schedule(delayMs, () => {
        waiting.delete(timer);
        action();
      });
      return () => {
        waiting.delete(timer);
        cancel();
      };
    },
    get pending() {
      return waiting.size;
    },
  };
}
