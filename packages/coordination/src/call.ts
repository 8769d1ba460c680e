import type { Clock } from './clock.js';
import { OperationTimedOut } from './errors.js';
import { onAbort } from './on-abort.js';

/** What every call of the coordinator takes. */
export interface CallOptions {
  /** Reject with `OperationTimedOut` after this many ms. Default: the coordinator's `timeoutMs`. */
  readonly timeoutMs?: number;
  /** Reject with the signal's reason when it aborts. The operation may still take effect. */
  readonly signal?: AbortSignal;
}

/**
 * The promise of a driver, settled no later than the caller asks for. Without a wish of the caller it is the driver's
 * own bound that ends it, and no timer is spent.
 */
export function bounded<T>(clock: Clock, operation: string, call: Promise<T>, o: CallOptions): Promise<T> {
  const { timeoutMs, signal } = o;
  if (timeoutMs === undefined && signal === undefined) return call;
  return new Promise((resolve, reject) => {
    const cancel =
      timeoutMs === undefined
        ? nothing
        : clock.schedule(timeoutMs, () => settle(() => reject(new OperationTimedOut(operation, timeoutMs))));
    const unlink = onAbort(signal, () => settle(() => reject(signal?.reason)));
    const settle = (how: () => void): void => {
      cancel();
      unlink();
      how();
    };
    call.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

const nothing = (): void => {};
