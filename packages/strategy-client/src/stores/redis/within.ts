import type { Clock } from '../../clock.js';

/** The promise's outcome, or a rejection after `timeoutMs`. What it comes to later is nobody's concern. */
export function within<T>(clock: Clock, timeoutMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel = clock.schedule(timeoutMs, () => {
      cancel = afterReading(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)));
    });
    promise.then(resolve, reject).finally(() => cancel());
  });
}

/**
 * When the event loop has read what its sockets have received: timers come first in a turn of the loop, and one that was
 * blocked would take answers that came long ago for missing.
 */
function afterReading(action: () => void): () => void {
  const immediate = setImmediate(action);
  return () => clearImmediate(immediate);
}
