import type { Json } from '../json.js';
import type { Outcome } from '../outcome.js';
import type { Ending } from './definition.js';

/** An outcome without its steps. */
export interface Told {
  readonly status: Outcome['status'];
  readonly reason?: Outcome['reason'];
  readonly hint?: string;
  readonly direction?: 'forward' | 'abort';
}

/** An outcome as JSON: all of it but the promise. */
export function storable({ settled: _, ...outcome }: Outcome): Json {
  return outcome as unknown as Json;
}

/** S9: an end that decided nothing is not kept, so that the same key may try again. */
export function forgettable(ending: Ending): boolean {
  return ending.forget === true || ending.reason === 'unavailable' || ending.reason === 'busy';
}
