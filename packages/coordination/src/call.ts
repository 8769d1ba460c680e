import type { Clock } from './clock.js';
import { CoordinationError, OperationTimedOut } from './errors.js';
import { checkedWait } from './in-range.js';
import { onAbort } from './on-abort.js';

/** What every call of the coordinator takes. */
export interface CallOptions {
  /** Reject with `OperationTimedOut` after this many ms. Default: the coordinator's `timeoutMs`. */
  readonly timeoutMs?: number;
  /** Reject with the signal's reason when it aborts. The operation may still take effect. */
  readonly signal?: AbortSignal;
}

/** What an error calls an operation: a text, or what makes it where that happens on a hot path. */
export type Operation = string | (() => string);

const nameOf = (operation: Operation): string => (typeof operation === 'string' ? operation : operation());

/**
 * The promise of a driver, settled no later than the caller asks for. Without a wish of the caller it is the driver's
 * own bound that ends it, and no timer is spent.
 */
export function bounded<T>(clock: Clock, operation: Operation, call: Promise<T>, o: CallOptions): Promise<T> {
  const { timeoutMs, signal } = o;
  if (timeoutMs === undefined && signal === undefined) return call;
  return new Promise((resolve, reject) => {
    let cancel = nothing;
    let unlink = nothing;
    const settle = (how: () => void): void => {
      cancel();
      unlink();
      how();
    };
    if (timeoutMs !== undefined) {
      const late = (): void => settle(() => reject(new OperationTimedOut(nameOf(operation), timeoutMs)));
      cancel = clock.schedule(timeoutMs, late);
    }
    unlink = onAbort(signal, () => settle(() => reject(signal?.reason)));
    call.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

/** Throws `INVALID_ARGUMENT` for a time that cannot be, and the reason of a signal that has aborted: before anything is sent. */
export function checkCall(o: CallOptions): void {
  if (o.timeoutMs !== undefined) checkedWait('timeoutMs', o.timeoutMs);
  if (o.signal?.aborted) throw o.signal.reason;
}

/** Throws `INVALID_ARGUMENT` for what is to be called later and cannot be. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new CoordinationError('INVALID_ARGUMENT', `${name} is ${typeof value}; give a function`);
}

const nothing = (): void => {};
