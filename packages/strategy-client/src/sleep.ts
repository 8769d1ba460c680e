import type { Clock } from './clock.js';
import { onAbort } from './on-abort.js';

/** Resolves after `ms`; rejects with the signal's reason as soon as that aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let unlink = (): void => {};
    const cancel = clock.schedule(ms, () => {
      unlink();
      resolve();
    });
    unlink = onAbort(signal, () => {
      cancel();
      reject(signal?.reason);
    });
  });
}

/** The promise, or a rejection with the signal's reason as soon as that aborts; the work behind the promise goes on. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const unlink = onAbort(signal, () => reject(signal.reason));
    work.then(resolve, reject).finally(unlink);
  });
}
