import { setImmediate } from 'node:timers/promises';

/** Collections until what finalizers let go of is gone as well. */
const COLLECTIONS = 3;

/** Bytes of the heap after a collection, and of what lies outside of it. */
export function heldNow(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The same after finalizers have run and what they began has ended. */
export async function heldAtRest(): Promise<number> {
  for (let n = 0; n < COLLECTIONS; n += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  return heldNow();
}
