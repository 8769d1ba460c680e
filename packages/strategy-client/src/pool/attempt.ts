import type { Clock } from '../clock.js';
import { StrategyClientError } from '../errors.js';
import { onAbort } from '../on-abort.js';

/** How long work may go on after it was told to end, ms. */
const DEFAULT_GRACE_MS = 5_000;

export interface Attempt<T> {
  readonly clock: Clock;
  /** What it is, for the error. */
  readonly what: string;
  readonly timeoutMs: number;
  /** How long the work may go on after it was told to end, ms. Default 5,000. */
  readonly graceMs?: number;
  readonly signal: AbortSignal;
  readonly work: (signal: AbortSignal) => Promise<T>;
  /** Gets what comes after nobody waits for it any more. */
  readonly late: (value: T) => void;
}

/**
 * Work that ends: its signal aborts after `timeoutMs` or with `signal`, and whoever waits for it waits for its own end
 * after that, so that nothing is counted as gone which is still there; but no longer than a grace.
 */
export function attempt<T>(o: Attempt<T>): Promise<T> {
  const { clock, what, timeoutMs, signal, work, late } = o;
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let waiting = true;
    const settle = (): boolean => {
      const first = waiting;
      waiting = false;
      cancel();
      unlink();
      return first;
    };
    const end = (reason: unknown): void => {
      if (controller.signal.aborted) return;
      cancel();
      cancel = clock.schedule(o.graceMs ?? DEFAULT_GRACE_MS, () => settle() && reject(reason));
      controller.abort(reason);
    };
    let cancel = clock.schedule(timeoutMs, () =>
      end(new StrategyClientError('UNAVAILABLE', `${what} took longer than ${timeoutMs} ms`)),
    );
    let unlink = (): void => {};
    unlink = onAbort(signal, () => end(signal.reason));
    started(work, controller.signal).then(
      (value) => (settle() ? resolve(value) : late(value)),
      (error: unknown) => settle() && reject(error),
    );
  });
}

/** Also a throw is a rejection. */
const started = async <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> =>
  work(signal);
