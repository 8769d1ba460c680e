import type { Leadership } from '../../src/election/leadership.js';
import { type Deferred, deferred } from '../coordinator/deferred.js';

/** Work under a leadership that a test looks at and settles. */
export interface Work<T> {
  readonly run: (leadership: Leadership) => Promise<T>;
  /** The leadership, once it has begun. */
  readonly begun: Promise<Leadership>;
  readonly hasBegun: boolean;
  /** The term; throws before it has begun. */
  readonly leadership: Leadership;
  /** The reasons of abort events, in order. */
  readonly told: unknown[];
  readonly result: Deferred<T>;
}

export function work<T = string>(): Work<T> {
  const result = deferred<T>();
  const begun = deferred<Leadership>();
  const told: unknown[] = [];
  let current: Leadership | null = null;
  return {
    run: (leadership) => {
      current = leadership;
      leadership.signal.addEventListener('abort', () => told.push(leadership.signal.reason));
      begun.resolve(leadership);
      return result.promise;
    },
    begun: begun.promise,
    get hasBegun() {
      return current !== null;
    },
    get leadership() {
      if (current) return current;
      throw new Error('the work has not begun');
    },
    told,
    result,
  };
}
