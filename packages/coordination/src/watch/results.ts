import { WatchCallbackFailed } from '../errors.js';
import type { WatchCallback } from './hooks.js';

/** What the callback returned; a promise, or what it threw, as a promise whose rejection is never unhandled. */
export function called<E>(callback: WatchCallback<E>, event: E): unknown {
  try {
    const result = callback(event);
    return isThenable(result) ? handled(Promise.resolve(result)) : result;
  } catch (error) {
    return handled(Promise.reject(error));
  }
}

/**
 * The values of what callbacks returned, promises awaited. If some threw or rejected: `WatchCallbackFailed`, once all
 * have settled.
 */
export async function settleResults(results: readonly unknown[]): Promise<unknown[]> {
  if (!results.some(isThenable)) return [...results];
  const values: unknown[] = [];
  const errors: unknown[] = [];
  for (const settled of await Promise.allSettled(results))
    if (settled.status === 'fulfilled') values.push(settled.value);
    else errors.push(settled.reason);
  if (errors.length > 0) throw new WatchCallbackFailed(values, errors);
  return values;
}

const nothing = (): void => {};

function handled(promise: Promise<unknown>): Promise<unknown> {
  promise.catch(nothing);
  return promise;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}
