import type { Clock } from '../../clock.js';
import { afterReading } from './after-reading.js';

/** The promise's outcome, or `late()` thrown after `timeoutMs`. What it comes to later is nobody's concern. */
export function within<T>(
  clock: Clock,
  timeoutMs: number,
  promise: Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel = clock.schedule(timeoutMs, () => {
      cancel = afterReading(() => reject(late()));
    });
    promise.then(resolve, reject).finally(() => cancel());
  });
}
